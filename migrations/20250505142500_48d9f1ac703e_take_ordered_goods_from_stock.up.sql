-- revision: 48d9f1ac703e
-- parents: b15c7a29e6f0
-- message: take ordered goods from stock
-- created: 2025-05-05T14:25:00Z

CREATE FUNCTION take_from_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stock SET quantity = quantity - NEW.quantity WHERE product_id = NEW.product_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'product % is not in stock', NEW.product_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER order_lines_take_from_stock
AFTER INSERT ON order_lines
FOR EACH ROW EXECUTE FUNCTION take_from_stock();
