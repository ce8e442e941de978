-- revision: a94f5e1863d7

-- The totals can be had from the lines again.
ALTER TABLE invoices DROP COLUMN total;
