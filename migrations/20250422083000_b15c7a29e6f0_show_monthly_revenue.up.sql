-- revision: b15c7a29e6f0
-- parents: 36e0d4b8f95a
-- message: show monthly revenue
-- created: 2025-04-22T08:30:00Z

CREATE VIEW monthly_revenue AS
SELECT date_trunc('month', issued_at, 'UTC') AS month, count(*) AS invoices, sum(total) AS revenue
FROM invoices
GROUP BY 1;
