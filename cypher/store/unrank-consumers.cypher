// Take the rank from the consumers that are not in this run.
// name: unrank-consumers
// parameters: runId
// columns: cleared
// WRITE
MATCH (n:Consumer) WHERE n.runId <> $runId
REMOVE n.pageRank, n.runId
RETURN count(*) AS cleared
