// Delete some of the parts of a measure of a run that is not current.
// name: sweep-measures
// parameters: runId, limit
// columns: deleted
// WRITE
MATCH (part:Measure {runId: $runId})
WITH part LIMIT $limit
DELETE part
RETURN count(*) AS deleted
