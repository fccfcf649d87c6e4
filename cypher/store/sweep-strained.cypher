// Delete some of the strained bonds of a run that is not current.
// name: sweep-strained
// parameters: runId, limit
// columns: deleted
// WRITE
MATCH ()-[strained:STRAINED {runId: $runId}]->()
WITH strained LIMIT $limit
DELETE strained
RETURN count(*) AS deleted
