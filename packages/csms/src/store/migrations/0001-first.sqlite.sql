-- Times are milliseconds since 1970 in UTC, energies milliwatt-hours, JSON is text that no hot path looks into.
-- org_id is constant until there are two organisations; site, epoch, command, outbox and audit stand here from the beginning
-- because adding them to a database in use would be costly.
CREATE TABLE site(id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL, zone TEXT NOT NULL, currency TEXT NOT NULL, latitude REAL, longitude REAL) STRICT;
INSERT INTO site(id, name, zone, currency) VALUES(1, 'Site 1', 'UTC', 'EUR');

CREATE TABLE station(id INTEGER PRIMARY KEY, org_id INTEGER NOT NULL DEFAULT 1, identity TEXT NOT NULL, site INTEGER NOT NULL DEFAULT 1, serial_number TEXT,
  password TEXT, pending_password TEXT, security_profile INTEGER NOT NULL DEFAULT 1, approval TEXT NOT NULL, registration TEXT, vendor_name TEXT, model TEXT, firmware_version TEXT,
  boot_reason TEXT, boot_at INTEGER, boot_interval INTEGER, boot_body TEXT, last_seen INTEGER, epoch INTEGER NOT NULL DEFAULT 0, connected INTEGER NOT NULL DEFAULT 0, version TEXT,
  anomalies TEXT NOT NULL DEFAULT '[]', settings TEXT NOT NULL DEFAULT '{}', request_id INTEGER NOT NULL DEFAULT 0, remote_start_id INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX station_identity ON station(org_id, identity);

CREATE TABLE connection(station INTEGER NOT NULL, epoch INTEGER NOT NULL, node INTEGER NOT NULL DEFAULT 1, opened_at INTEGER NOT NULL, version TEXT NOT NULL, remote TEXT NOT NULL,
  closed_at INTEGER, close_code INTEGER, close_reason TEXT, PRIMARY KEY(station, epoch)) STRICT, WITHOUT ROWID;

CREATE TABLE connector(station INTEGER NOT NULL, evse INTEGER NOT NULL, connector INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, epoch INTEGER NOT NULL,
  PRIMARY KEY(station, evse, connector)) STRICT, WITHOUT ROWID;

-- name = component, instance, evse, connector, variable, instance and attribute as one JSON array: the natural key in one column.
CREATE TABLE variable(station INTEGER NOT NULL, name TEXT NOT NULL, value TEXT, mutability TEXT, persistent INTEGER, constant INTEGER, characteristics TEXT, at INTEGER NOT NULL,
  PRIMARY KEY(station, name)) STRICT, WITHOUT ROWID;
CREATE TABLE report(station INTEGER NOT NULL, request_id INTEGER NOT NULL, seq_no INTEGER NOT NULL, tbc INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY(station, request_id, seq_no)) STRICT, WITHOUT ROWID;

-- What a station notified (NotifyEvent, SecurityEventNotification, DataTransfer …), as it said it.
CREATE TABLE notice(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, at INTEGER NOT NULL, received_at INTEGER NOT NULL, action TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX notice_station ON notice(station, id);

-- identifierString compares without case (Part 2, 2.1.2); type and id together are the key.
CREATE TABLE token(org_id INTEGER NOT NULL DEFAULT 1, type TEXT NOT NULL, id_token TEXT NOT NULL COLLATE NOCASE, status TEXT NOT NULL, group_token TEXT, group_type TEXT, valid_until INTEGER, cache_expiry INTEGER,
  charging_priority INTEGER, language1 TEXT, language2 TEXT, evse_id TEXT, personal_message TEXT, master_pass INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(org_id, type, id_token)) STRICT, WITHOUT ROWID;

-- One row per generation of a transaction id (a station may use one again). Columns = the ledger's row; detail = what changes rarely.
-- origin_key finds a retried StartTransaction of OCPP 1.6.
CREATE TABLE tx(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, txid TEXT NOT NULL, generation INTEGER NOT NULL, origin_key TEXT, state TEXT NOT NULL, started_at INTEGER, ended_at INTEGER,
  seq_first INTEGER, seq_last INTEGER, ranges TEXT NOT NULL, n INTEGER NOT NULL, last_at INTEGER NOT NULL, evse INTEGER, connector INTEGER, charging_state TEXT, begin_mwh INTEGER, last_mwh INTEGER,
  forward_mwh INTEGER NOT NULL, power REAL, soc REAL, detail TEXT NOT NULL, final INTEGER NOT NULL, gap INTEGER NOT NULL, created_at INTEGER NOT NULL, version INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX tx_key ON tx(station, txid, generation);
CREATE INDEX tx_open ON tx(final, id) WHERE final = 0;

-- seq is null for unnumbered events (1.6), which are told apart by hash; hash is filled where it decides something.
CREATE TABLE tx_event(id INTEGER PRIMARY KEY, tx INTEGER NOT NULL, seq INTEGER, at INTEGER NOT NULL, received_at INTEGER NOT NULL, kind INTEGER NOT NULL, trig INTEGER NOT NULL,
  evse INTEGER, connector INTEGER, charging INTEGER, hash TEXT, samples BLOB, rest TEXT) STRICT;
CREATE UNIQUE INDEX tx_event_seq ON tx_event(tx, seq);
CREATE UNIQUE INDEX tx_event_hash ON tx_event(tx, hash) WHERE seq IS NULL;
-- Other bodies under a number that is taken (they count too) and the events behind them.
CREATE TABLE tx_event_conflict(id INTEGER PRIMARY KEY, tx INTEGER NOT NULL, seq INTEGER, at INTEGER NOT NULL, received_at INTEGER NOT NULL, kind INTEGER NOT NULL, trig INTEGER NOT NULL,
  evse INTEGER, connector INTEGER, charging INTEGER, hash TEXT NOT NULL, samples BLOB, rest TEXT) STRICT;
CREATE UNIQUE INDEX tx_event_conflict_key ON tx_event_conflict(tx, seq, hash);
CREATE TABLE sample_key(id INTEGER PRIMARY KEY, k TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE tx_fact(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, txid TEXT NOT NULL, generation INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX tx_fact_key ON tx_fact(station, txid);
CREATE TABLE tx_authorization(station INTEGER NOT NULL, txid TEXT NOT NULL, type TEXT NOT NULL, id_token TEXT NOT NULL, info TEXT NOT NULL, PRIMARY KEY(station, txid, type, id_token)) STRICT, WITHOUT ROWID;
CREATE TABLE invalid_event(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, hash TEXT NOT NULL, txid TEXT, seq INTEGER, received_at INTEGER NOT NULL, text TEXT NOT NULL, error TEXT NOT NULL,
  times INTEGER NOT NULL DEFAULT 1, state TEXT NOT NULL, resolved_at INTEGER, actor TEXT, reason TEXT) STRICT;
CREATE UNIQUE INDEX invalid_event_key ON invalid_event(station, hash);

CREATE TABLE meter_value(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, evse INTEGER NOT NULL, at INTEGER NOT NULL, received_at INTEGER NOT NULL, samples BLOB, rest TEXT) STRICT;
CREATE INDEX meter_value_station ON meter_value(station, id);

CREATE TABLE command(id TEXT PRIMARY KEY, station INTEGER NOT NULL, action TEXT NOT NULL, request TEXT NOT NULL, origin TEXT NOT NULL, actor TEXT NOT NULL, idempotency_key TEXT,
  remote_start_id INTEGER, request_id INTEGER, created_at INTEGER NOT NULL, expires_at INTEGER, state TEXT NOT NULL, message_id TEXT, result TEXT, sent_at INTEGER, ended_at INTEGER, effect TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX command_station ON command(station, id);
CREATE UNIQUE INDEX command_idempotency ON command(station, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX command_start ON command(station, remote_start_id) WHERE remote_start_id IS NOT NULL;
CREATE INDEX command_open ON command(state) WHERE state IN ('queued', 'sent');

CREATE TABLE outbox(id INTEGER PRIMARY KEY, event_id TEXT NOT NULL, type TEXT NOT NULL, station INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE audit(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, reason TEXT NOT NULL, result TEXT NOT NULL) STRICT;
CREATE TABLE api_key(name TEXT PRIMARY KEY, hash TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
