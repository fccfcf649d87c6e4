// What an interaction states is kept apart from what it means by the touchpoint table. Former versions wrote the
// touchpoint and direction of its kind into a record that stated none; where both are as derived, neither was stated.
// `frozenSeq`: up to this transaction it is not known which of them a file stated.
MATCH (ledger:Ledger) WHERE ledger.frozenSeq IS NULL
SET ledger.frozenSeq = ledger.seq;
MATCH ()-[event:INTERACTED|RESPONDED]->() WHERE event.statedDirection IS NULL
CALL (event) {
  WITH event, CASE type(event) WHEN 'INTERACTED' THEN 'to_brand' ELSE 'to_consumer' END AS direction,
    replace(replace(toLower(trim(coalesce(event.kind, ''))), '-', '_'), ' ', '_') AS kind
  WITH event, direction, coalesce($derived[kind], $others) = [event.touchpoint, direction] AS derived
  SET event.statedValence = event.valence,
    event.statedTouchpoint = CASE WHEN derived THEN null ELSE event.touchpoint END,
    event.statedDirection = CASE WHEN derived THEN null ELSE direction END
} IN TRANSACTIONS OF 10000 ROWS;
// Brands named together are read, and swept, by the run of scores that they are from.
CREATE INDEX co_associated_run IF NOT EXISTS FOR ()-[c:CO_ASSOCIATED]-() ON (c.runId);
