-- revision: 48d9f1ac703e

DROP TRIGGER order_lines_take_from_stock ON order_lines;
DROP FUNCTION take_from_stock();
