-- revision: 19b4ce70d3a8

DROP TABLE order_lines;
DROP TABLE orders;
DROP TYPE order_status;
