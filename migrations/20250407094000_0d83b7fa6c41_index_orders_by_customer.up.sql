-- revision: 0d83b7fa6c41
-- parents: c27e91d05b3f
-- message: index orders by customer
-- created: 2025-04-07T09:40:00Z
-- transaction: off

-- Orders come in while it is built.
CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id, ordered_at DESC);
