// Delete some of the seeds of a run that is not current.
// name: sweep-seeds
// parameters: runId, limit
// columns: deleted
// WRITE
MATCH (:Run {id: $runId})-[seed:SEED]->()
WITH seed LIMIT $limit
DELETE seed
RETURN count(*) AS deleted
