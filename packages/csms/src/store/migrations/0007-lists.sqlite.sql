-- What lists of transactions are filtered and sorted by. Written when something in it changes, so an Updated costs nothing;
-- energy stands here once the transaction is over. The row in tx stays the truth.
CREATE TABLE tx_listed(id INTEGER PRIMARY KEY, station INTEGER NOT NULL, txid TEXT NOT NULL, started_at INTEGER NOT NULL, energy INTEGER, token_type TEXT, token TEXT, stopped_reason TEXT,
  ended INTEGER NOT NULL, final INTEGER NOT NULL, complete INTEGER NOT NULL) STRICT;
INSERT INTO tx_listed SELECT id, station, txid, COALESCE(started_at, last_at),
  CASE WHEN (state='ended' OR final=1) AND begin_mwh IS NOT NULL AND last_mwh IS NOT NULL THEN CASE WHEN last_mwh >= begin_mwh THEN last_mwh - begin_mwh ELSE forward_mwh END END,
  json_extract(detail, '$.tok.type'), lower(json_extract(detail, '$.tok.idToken')), json_extract(detail, '$.why'), state='ended' OR final=1, final,
  started_at IS NOT NULL AND ended_at IS NOT NULL AND gap=0 AND COALESCE(json_extract(detail, '$.facts.invalid'), '{}')='{}' FROM tx;
CREATE INDEX tx_listed_started ON tx_listed(started_at, id);
CREATE INDEX tx_listed_station ON tx_listed(station, started_at, id);
CREATE INDEX tx_listed_token ON tx_listed(token_type, token, started_at, id);
CREATE INDEX tx_listed_txid ON tx_listed(txid, id);
CREATE INDEX tx_listed_energy ON tx_listed(energy, id) WHERE energy IS NOT NULL;
CREATE INDEX tx_listed_reason ON tx_listed(stopped_reason, started_at, id) WHERE stopped_reason IS NOT NULL;
CREATE INDEX tx_listed_open ON tx_listed(started_at, id) WHERE final=0;
CREATE INDEX tx_listed_active ON tx_listed(started_at, id) WHERE ended=0;
CREATE INDEX tx_listed_incomplete ON tx_listed(started_at, id) WHERE complete=0;
CREATE INDEX connector_status ON connector(status, station);
CREATE INDEX token_group ON token(group_token) WHERE group_token IS NOT NULL;

-- Work for many stations: the job, and one row per station. What was under way when the CSMS stopped is unknown, never sent again.
CREATE TABLE bulk(id TEXT PRIMARY KEY, action TEXT NOT NULL, options TEXT NOT NULL, state TEXT NOT NULL, total INTEGER NOT NULL, actor TEXT NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_open ON bulk(state) WHERE state='running';
CREATE TABLE bulk_item(bulk TEXT NOT NULL, station INTEGER NOT NULL, state TEXT NOT NULL, command TEXT, reason TEXT, result TEXT, started_at INTEGER, ended_at INTEGER, PRIMARY KEY(bulk, station)) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_item_station ON bulk_item(station);

-- Transactions in which a token was authorized, for erasing it.
CREATE INDEX tx_authorization_token ON tx_authorization(type, lower(id_token));
