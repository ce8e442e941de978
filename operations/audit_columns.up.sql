-- Gives a table the columns created_at and updated_at, and a trigger that keeps them.
--
-- table   the table, in the schema of the search path
-- schema  the schema of the trigger's function; "public" unless set

\if :{?schema}
\else
  \set schema public
\endif

CREATE OR REPLACE FUNCTION :"schema".touch_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

ALTER TABLE :"table"
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE TRIGGER touch_updated_at
  BEFORE UPDATE ON :"table"
  FOR EACH ROW EXECUTE FUNCTION :"schema".touch_updated_at();
