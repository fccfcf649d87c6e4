// Write the ranks of consumers: rows of id and score.
// name: rank-consumers
// parameters: rows, runId
// columns: written
// WRITE
UNWIND $rows AS row
MATCH (n:Consumer {id: row[0]})
SET n.pageRank = row[1], n.runId = $runId
RETURN count(*) AS written
