-- revision: e85d23b6071c

DROP TABLE products;
