-- For the pages that look over all stations: what ended today, and who connects again and again.
CREATE INDEX tx_ended ON tx(ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX connection_opened ON connection(opened_at);
CREATE INDEX invalid_event_open ON invalid_event(station) WHERE state = 'open';
