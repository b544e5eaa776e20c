-- Who outside wants to hear of what, and what became of it. The secret is not here: it is made from the key file of this installation.
CREATE TABLE webhook(id TEXT PRIMARY KEY, url TEXT NOT NULL, types TEXT NOT NULL, sites TEXT, active BIGINT NOT NULL, note TEXT NOT NULL, secret_version BIGINT NOT NULL, created_by TEXT NOT NULL, created_at BIGINT NOT NULL);
-- One row per event and webhook; body is what is sent, the same at every attempt.
CREATE TABLE webhook_delivery(id TEXT PRIMARY KEY, webhook TEXT NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL, status BIGINT, error TEXT, created_at BIGINT NOT NULL, ended_at BIGINT);
CREATE INDEX webhook_delivery_of ON webhook_delivery(webhook, id);
CREATE INDEX webhook_delivery_due ON webhook_delivery(webhook, next_at) WHERE state='pending';
CREATE INDEX webhook_delivery_old ON webhook_delivery(ended_at) WHERE ended_at IS NOT NULL;
-- What was written while nobody wanted it would be told as news to the first who comes.
DELETE FROM outbox;
