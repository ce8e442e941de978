-- revision: 5f6a82c9e014

DROP TABLE invoices;
