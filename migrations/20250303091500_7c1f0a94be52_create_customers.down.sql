-- revision: 7c1f0a94be52

DROP TABLE customers;
