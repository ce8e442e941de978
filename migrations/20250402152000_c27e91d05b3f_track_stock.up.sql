-- revision: c27e91d05b3f
-- parents: 19b4ce70d3a8
-- message: track stock
-- created: 2025-04-02T15:20:00Z

CREATE TABLE stock (
  product_id bigint  PRIMARY KEY REFERENCES products ON DELETE CASCADE,
  quantity   integer NOT NULL DEFAULT 0 CHECK (quantity >= 0)
);

INSERT INTO stock (product_id) SELECT id FROM products;
