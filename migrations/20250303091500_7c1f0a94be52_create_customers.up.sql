-- revision: 7c1f0a94be52
-- parents: none
-- message: create customers
-- created: 2025-03-03T09:15:00Z

CREATE TABLE customers (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email      text        NOT NULL CHECK (email LIKE '_%@_%'),
  name       text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- People write their address now with capitals, now without.
CREATE UNIQUE INDEX customers_email_key ON customers (lower(email));
