-- revision: 0d83b7fa6c41
-- transaction: off

DROP INDEX CONCURRENTLY orders_customer_id_idx;
