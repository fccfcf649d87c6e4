// Lock the pointer of a kind until the end of the transaction; shown: it still points to this run.
// name: lock-current
// parameters: kind, runId
// columns: shown
// WRITE
MATCH (current:Current {kind: $kind})
SET current.lockedAt = datetime.realtime() REMOVE current.lockedAt
WITH current
RETURN current.runId = $runId AS shown
