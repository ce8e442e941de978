-- revision: 19b4ce70d3a8
-- parents: e85d23b6071c
-- message: create orders
-- created: 2025-03-10T13:45:00Z

CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped', 'cancelled');

CREATE TABLE orders (
  id          bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint       NOT NULL REFERENCES customers,
  status      order_status NOT NULL DEFAULT 'open',
  ordered_at  timestamptz  NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
  order_id   bigint         NOT NULL REFERENCES orders ON DELETE CASCADE,
  product_id bigint         NOT NULL REFERENCES products,
  quantity   integer        NOT NULL CHECK (quantity > 0),
  -- The price of that day, not of today.
  price      numeric(12, 2) NOT NULL CHECK (price >= 0),
  PRIMARY KEY (order_id, product_id)
);
