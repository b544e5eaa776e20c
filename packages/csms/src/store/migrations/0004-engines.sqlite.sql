-- The key of a token without case stands in a column of its own, so that both engines compare alike.
CREATE TABLE token_new(org_id INTEGER NOT NULL DEFAULT 1, type TEXT NOT NULL, id_key TEXT NOT NULL, id_token TEXT NOT NULL, status TEXT NOT NULL, group_token TEXT, group_type TEXT, valid_until INTEGER,
  cache_expiry INTEGER, charging_priority INTEGER, language1 TEXT, language2 TEXT, evse_id TEXT, personal_message TEXT, master_pass INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(org_id, type, id_key)) STRICT, WITHOUT ROWID;
INSERT INTO token_new SELECT org_id, type, lower(id_token), id_token, status, group_token, group_type, valid_until, cache_expiry, charging_priority, language1, language2, evse_id, personal_message, master_pass FROM token;
DROP TABLE token;
ALTER TABLE token_new RENAME TO token;
-- Its events were past retention; the row, and so the bill, stays.
ALTER TABLE tx ADD COLUMN events_gone INTEGER NOT NULL DEFAULT 0;
-- At the start all open connections are closed: without this that reads every connection there ever was.
CREATE INDEX connection_open ON connection(station) WHERE closed_at IS NULL;
-- Which events retention may look at.
CREATE INDEX tx_kept ON tx(created_at) WHERE final = 1 AND events_gone = 0;
