// Delete some of the parts of the results of runs that were pruned or abandoned.
// name: sweep-archives
// parameters: runId, limit
// columns: deleted
// WRITE
MATCH (archive:Archive {runId: $runId})
WITH archive LIMIT $limit
DELETE archive
RETURN count(*) AS deleted
