// Delete some of the associations of brands of a run that is not current.
// name: sweep-associations
// parameters: runId, limit
// columns: deleted
// WRITE
MATCH ()-[tie:CO_ASSOCIATED {runId: $runId}]->()
WITH tie LIMIT $limit
DELETE tie
RETURN count(*) AS deleted
