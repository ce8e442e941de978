-- revision: e85d23b6071c
-- parents: 7c1f0a94be52
-- message: create products
-- created: 2025-03-04T10:10:00Z

CREATE TABLE products (
  id    bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku   text           NOT NULL UNIQUE,
  name  text           NOT NULL,
  price numeric(12, 2) NOT NULL CHECK (price >= 0)
);

\set table products
\ir ../operations/audit_columns.up.sql
