-- Takes the columns and the trigger away again.

\if :{?trigger}
\else
  \set trigger touch_ :table
\endif

DROP TRIGGER :"trigger" ON :"table";

DROP FUNCTION :"trigger"();

ALTER TABLE :"table"
  DROP COLUMN updated_at,
  DROP COLUMN created_at;

\unset trigger
