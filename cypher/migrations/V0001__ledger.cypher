// What must be unique, and the order in which changes are read.
// Every record carries `seq`, the number of the transaction that wrote it.
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (m:Migration) REQUIRE m.version IS UNIQUE;
CREATE CONSTRAINT ledger_name IF NOT EXISTS FOR (l:Ledger) REQUIRE l.name IS UNIQUE;
CREATE CONSTRAINT lease_name IF NOT EXISTS FOR (l:Lease) REQUIRE l.name IS UNIQUE;
CREATE CONSTRAINT run_id IF NOT EXISTS FOR (r:Run) REQUIRE r.id IS UNIQUE;
CREATE CONSTRAINT current_kind IF NOT EXISTS FOR (c:Current) REQUIRE c.kind IS UNIQUE;
CREATE CONSTRAINT consumer_id IF NOT EXISTS FOR (c:Consumer) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT brand_id IF NOT EXISTS FOR (b:Brand) REQUIRE b.id IS UNIQUE;
CREATE CONSTRAINT campaign_id IF NOT EXISTS FOR (c:Campaign) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT sales_key IF NOT EXISTS FOR (s:Sales) REQUIRE (s.brand, s.date, s.segment) IS UNIQUE;
CREATE CONSTRAINT interacted_event IF NOT EXISTS FOR ()-[r:INTERACTED]-() REQUIRE r.eventId IS UNIQUE;
CREATE CONSTRAINT responded_event IF NOT EXISTS FOR ()-[r:RESPONDED]-() REQUIRE r.eventId IS UNIQUE;
CREATE INDEX consumer_seq IF NOT EXISTS FOR (c:Consumer) ON (c.seq);
CREATE INDEX brand_seq IF NOT EXISTS FOR (b:Brand) ON (b.seq);
CREATE INDEX campaign_seq IF NOT EXISTS FOR (c:Campaign) ON (c.seq);
CREATE INDEX sales_seq IF NOT EXISTS FOR (s:Sales) ON (s.seq);
CREATE INDEX follows_seq IF NOT EXISTS FOR ()-[r:FOLLOWS]-() ON (r.seq);
CREATE INDEX knows_seq IF NOT EXISTS FOR ()-[r:KNOWS]-() ON (r.seq);
CREATE INDEX exposed_to_seq IF NOT EXISTS FOR ()-[r:EXPOSED_TO]-() ON (r.seq);
CREATE INDEX interacted_seq IF NOT EXISTS FOR ()-[r:INTERACTED]-() ON (r.seq);
CREATE INDEX responded_seq IF NOT EXISTS FOR ()-[r:RESPONDED]-() ON (r.seq);
CREATE INDEX bond_run IF NOT EXISTS FOR ()-[b:BOND]-() ON (b.runId);
