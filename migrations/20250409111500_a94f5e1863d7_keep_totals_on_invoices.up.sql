-- revision: a94f5e1863d7
-- parents: 5f6a82c9e014
-- message: keep totals on invoices
-- created: 2025-04-09T11:15:00Z

ALTER TABLE invoices ADD COLUMN total numeric(12, 2);

UPDATE invoices
SET total = (
  SELECT coalesce(sum(quantity * price), 0)
  FROM order_lines
  WHERE order_lines.order_id = invoices.order_id
);

ALTER TABLE invoices
  ALTER COLUMN total SET NOT NULL,
  ADD CONSTRAINT invoices_total_check CHECK (total >= 0);
