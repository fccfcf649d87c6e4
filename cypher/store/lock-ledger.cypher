// Take the ledger's write lock until the end of the transaction, and its next number; done: this token has committed before;
// frozen: up to this number it is not known which touchpoints and directions were stated; tombstones: how many people
// were forgotten, each counted once: erasing writes them under the same lock. The last 64 tokens stand on
// the ledger, all 64 of before on a page each: they prove to a mirror that this history is its own.
// name: lock-ledger
// parameters: token
// columns: id, seq, done, touchpoints, frozen, tombstones
// WRITE
MERGE (ledger:Ledger {name: 'ledger'})
  ON CREATE SET ledger.id = randomUUID(), ledger.seq = 0, ledger.recent = []
SET ledger.lockedAt = datetime.realtime()
WITH ledger, $token IN ledger.recent AS done
SET ledger.seq = ledger.seq + CASE WHEN done THEN 0 ELSE 1 END,
  ledger.recent = CASE WHEN done THEN ledger.recent ELSE ([$token] + ledger.recent)[..64] END
FOREACH (_ IN CASE WHEN done OR ledger.seq % 64 <> 0 THEN [] ELSE [1] END |
  MERGE (page:LedgerPage {seq: ledger.seq}) SET page.tokens = ledger.recent)
RETURN ledger.id AS id, ledger.seq AS seq, done, ledger.touchpoints AS touchpoints,
  coalesce(ledger.frozenSeq, 0) AS frozen,
  size(COLLECT { MATCH (tombstone:Tombstone) UNWIND tombstone.hashes AS hash RETURN DISTINCT hash }) AS tombstones
