// Take the rank from the brands that are not in this run.
// name: unrank-brands
// parameters: runId
// columns: cleared
// WRITE
MATCH (n:Brand) WHERE n.runId <> $runId
REMOVE n.pageRank, n.runId
RETURN count(*) AS cleared
