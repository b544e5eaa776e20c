-- Prices. A version of a tariff never changes; an assignment counts from its time until the next one of the same target,
-- one without a tariff ends it. The same text for both engines.
CREATE TABLE tariff(id TEXT NOT NULL, version BIGINT NOT NULL, valid_from BIGINT NOT NULL, body TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY(id, version));
CREATE TABLE tariff_assignment(scope TEXT NOT NULL, target TEXT NOT NULL, valid_from BIGINT NOT NULL, tariff TEXT, PRIMARY KEY(scope, target, valid_from));
