-- Certificates that were signed for stations. serial is hexadecimal without leading zeros; state: issued (sent or about to be), installed, refused, revoked.
CREATE TABLE certificate(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, use TEXT NOT NULL, serial TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL, chain TEXT NOT NULL, state TEXT NOT NULL, issued_at INTEGER NOT NULL, revoked_at INTEGER, reason TEXT) STRICT;
CREATE INDEX certificate_station ON certificate(station, id);
CREATE UNIQUE INDEX certificate_serial ON certificate(issuer, serial);

-- Roots and revoked serial numbers of others, by purpose: csms, station, v2g, mo, manufacturer.
CREATE TABLE trust(kind TEXT NOT NULL, fingerprint TEXT NOT NULL, pem TEXT NOT NULL, subject TEXT NOT NULL, not_after INTEGER NOT NULL, hash_data TEXT NOT NULL, added_at INTEGER NOT NULL,
  PRIMARY KEY(kind, fingerprint)) STRICT, WITHOUT ROWID;
CREATE TABLE revoked_serial(issuer TEXT NOT NULL, serial TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(issuer, serial)) STRICT, WITHOUT ROWID;

CREATE TABLE security_event(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, at INTEGER NOT NULL, received_at INTEGER NOT NULL, type TEXT NOT NULL, critical INTEGER NOT NULL, source TEXT NOT NULL, tech_info TEXT) STRICT;
CREATE INDEX security_event_station ON security_event(station, id);
CREATE INDEX security_event_key ON security_event(station, at, type);

-- Work of many steps that goes on after a restart: what to do next stands in step and detail.
CREATE TABLE job(id TEXT PRIMARY KEY, station INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, step TEXT NOT NULL, detail TEXT NOT NULL, actor TEXT NOT NULL, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, reason TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX job_station ON job(station, id);
CREATE INDEX job_open ON job(state) WHERE state='running';
