// Take a measure from some of the nodes of brands that show another run.
// name: unshow-brands
// parameters: score, run, runId, limit
// columns: taken
// WRITE
MATCH (n:Brand) WHERE n[$run] <> $runId
WITH n LIMIT $limit
REMOVE n[$score], n[$run]
RETURN count(*) AS taken
