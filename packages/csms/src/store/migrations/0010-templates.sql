-- Values that stations of a kind should have; body is the array that SetVariables takes. The same text for both engines.
CREATE TABLE template(id TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, by_whom TEXT NOT NULL);
-- For the board of certificates of all stations: those that end first stand first.
CREATE INDEX certificate_ends ON certificate(not_after, id);
