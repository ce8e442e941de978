-- revision: a94f5e1863d7

SELECT (SELECT coalesce(sum(total), 0) FROM invoices)
     = (SELECT coalesce(sum(quantity * price), 0) FROM order_lines JOIN invoices USING (order_id))
  AS totals_agree;
