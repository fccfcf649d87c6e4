// Take the ledger's write lock until the end of the transaction, and its next number; done: this token has committed before;
// frozen: up to this number it is not known which touchpoints and directions were stated.
// name: lock-ledger
// parameters: token
// columns: id, seq, done, touchpoints, frozen
// WRITE
MERGE (ledger:Ledger {name: 'ledger'})
  ON CREATE SET ledger.id = randomUUID(), ledger.seq = 0, ledger.recent = []
SET ledger.lockedAt = datetime.realtime()
WITH ledger, $token IN ledger.recent AS done
SET ledger.seq = ledger.seq + CASE WHEN done THEN 0 ELSE 1 END,
  ledger.recent = CASE WHEN done THEN ledger.recent ELSE ([$token] + ledger.recent)[..64] END
RETURN ledger.id AS id, ledger.seq AS seq, done, ledger.touchpoints AS touchpoints,
  coalesce(ledger.frozenSeq, 0) AS frozen
