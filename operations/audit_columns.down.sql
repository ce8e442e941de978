-- Takes the columns and the trigger away again. The function stays, for other tables may use it.

DROP TRIGGER touch_updated_at ON :"table";

ALTER TABLE :"table"
  DROP COLUMN updated_at,
  DROP COLUMN created_at;
