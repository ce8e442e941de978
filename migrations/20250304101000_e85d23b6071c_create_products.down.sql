-- revision: e85d23b6071c

\set table products
\ir ../operations/audit_columns.down.sql

DROP TABLE products;
