-- Who may come in: people, their sign-ins, and keys of programs. The same text for both engines.
-- Names compare without case by name_key; sites is a JSON array of site ids, NULL = all of them.
CREATE TABLE person(id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL, shown_name TEXT NOT NULL, password TEXT, oidc_subject TEXT, role TEXT NOT NULL, sites TEXT,
  disabled BIGINT NOT NULL DEFAULT 0, settings TEXT NOT NULL DEFAULT '{}', created_at BIGINT NOT NULL, signed_in_at BIGINT);
CREATE UNIQUE INDEX person_name ON person(name_key);
CREATE UNIQUE INDEX person_subject ON person(oidc_subject) WHERE oidc_subject IS NOT NULL;

-- The hash of the cookie's token, never the token. What a backup holds opens nothing: this table stays behind.
CREATE TABLE sign_in(hash TEXT PRIMARY KEY, person TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, browser TEXT NOT NULL);
CREATE INDEX sign_in_person ON sign_in(person);

-- Keys that exist could do everything: they become keys of an administrator under their own name. A revoked one stays as a row, its name is free again.
CREATE TABLE api_key_new(id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL, hash TEXT NOT NULL, role TEXT NOT NULL, sites TEXT, created_by TEXT NOT NULL, created_at BIGINT NOT NULL,
  expires_at BIGINT, last_used_at BIGINT, revoked BIGINT NOT NULL DEFAULT 0);
INSERT INTO api_key_new(id, name, name_key, hash, role, created_by, created_at) SELECT name, name, lower(name), hash, 'admin', 'start', created_at FROM api_key;
DROP TABLE api_key;
ALTER TABLE api_key_new RENAME TO api_key;
CREATE UNIQUE INDEX api_key_name ON api_key(name_key) WHERE revoked = 0;

-- The audit is searched by who, what and when.
CREATE INDEX audit_actor ON audit(actor, id);
CREATE INDEX audit_action ON audit(action, id);
CREATE INDEX audit_target ON audit(target, id);
CREATE INDEX audit_at ON audit(at);
