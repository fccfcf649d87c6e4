// Delete some of the bonds of a run that is not current.
// name: sweep-bonds
// parameters: runId, limit
// columns: deleted
// WRITE
MATCH ()-[bond:BOND {runId: $runId}]->()
WITH bond LIMIT $limit
DELETE bond
RETURN count(*) AS deleted
