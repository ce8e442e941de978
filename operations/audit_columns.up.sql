-- Gives a table the columns created_at and updated_at, and a trigger that keeps them.
--
-- table    the table
-- trigger  the name of the trigger and its function; touch_ and the name of the table, unless set

\if :{?trigger}
\else
  \set trigger touch_ :table
\endif

ALTER TABLE :"table"
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE FUNCTION :"trigger"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.created_at := OLD.created_at;
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TRIGGER :"trigger"
  BEFORE UPDATE ON :"table"
  FOR EACH ROW EXECUTE FUNCTION :"trigger"();

\unset trigger
