-- revision: b15c7a29e6f0

DROP VIEW monthly_revenue;
