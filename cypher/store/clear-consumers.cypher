// Take a measure from the consumers that are not in this run.
// name: clear-consumers
// parameters: score, run, runId
// columns: cleared
// WRITE
MATCH (n:Consumer) WHERE n[$run] <> $runId
REMOVE n[$score], n[$run]
RETURN count(*) AS cleared
