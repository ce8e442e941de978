-- revision: c27e91d05b3f

DROP TABLE stock;
