-- Files that move between stations and us, and what stations told about them.
CREATE TABLE file_token(
  hash TEXT PRIMARY KEY, station INTEGER NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, request_id INTEGER NOT NULL,
  max_bytes INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE log(
  station INTEGER NOT NULL, request_id INTEGER NOT NULL, type TEXT, requested_at INTEGER NOT NULL, answer TEXT, filename TEXT,
  statuses TEXT NOT NULL DEFAULT '[]', file TEXT, bytes INTEGER, received_at INTEGER, reason TEXT,
  PRIMARY KEY(station, request_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE customer_information(
  station INTEGER NOT NULL, request_id INTEGER NOT NULL, seq_no INTEGER NOT NULL, tbc INTEGER NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY(station, request_id, seq_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE installed_certificate(station INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE firmware(
  id INTEGER PRIMARY KEY, version TEXT NOT NULL, models TEXT NOT NULL, sha256 TEXT NOT NULL, signature TEXT NOT NULL, certificate TEXT NOT NULL,
  file TEXT NOT NULL, bytes INTEGER, state TEXT NOT NULL, reason TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE firmware_update(
  station INTEGER NOT NULL, request_id INTEGER NOT NULL, firmware INTEGER, requested_at INTEGER NOT NULL, retrieve_at INTEGER, install_at INTEGER,
  answer TEXT, statuses TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY(station, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX firmware_update_of ON firmware_update(firmware);
