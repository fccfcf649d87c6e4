// Delete some of the learned influences of a run that is not current.
// name: sweep-influences
// parameters: runId, limit
// columns: deleted
// WRITE
MATCH ()-[tie:INFLUENCES {runId: $runId}]->()
WITH tie LIMIT $limit
DELETE tie
RETURN count(*) AS deleted
