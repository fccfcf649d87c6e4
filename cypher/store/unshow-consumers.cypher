// Take a measure from some of the nodes of consumers that show another run.
// name: unshow-consumers
// parameters: score, run, runId, limit
// columns: taken
// WRITE
MATCH (n:Consumer) WHERE n[$run] <> $runId
WITH n LIMIT $limit
REMOVE n[$score], n[$run]
RETURN count(*) AS taken
