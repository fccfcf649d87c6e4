// Take a measure from the brands that are not in this run.
// name: clear-brands
// parameters: score, run, runId
// columns: cleared
// WRITE
MATCH (n:Brand) WHERE n[$run] <> $runId
REMOVE n[$score], n[$run]
RETURN count(*) AS cleared
