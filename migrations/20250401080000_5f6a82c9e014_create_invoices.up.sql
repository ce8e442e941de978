-- revision: 5f6a82c9e014
-- parents: 19b4ce70d3a8
-- labels: billing
-- message: create invoices
-- created: 2025-04-01T08:00:00Z

CREATE TABLE invoices (
  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id  bigint      NOT NULL UNIQUE REFERENCES orders,
  issued_at timestamptz NOT NULL DEFAULT now()
);
