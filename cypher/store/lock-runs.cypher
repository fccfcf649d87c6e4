// Lock what says which runs are current, until the end of the transaction. REMOVE alone locks nothing where the name of the
// property was never used before.
// name: lock-runs
// parameters: -
// columns: runs
// WRITE
MATCH (state:CurrentRuns {name: 'current'})
SET state.lockedAt = datetime.realtime() REMOVE state.lockedAt
WITH state
RETURN state.runs AS runs
