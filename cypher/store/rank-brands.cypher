// Write the ranks of brands: rows of id and score.
// name: rank-brands
// parameters: rows, runId
// columns: written
// WRITE
UNWIND $rows AS row
MATCH (n:Brand {id: row[0]})
SET n.pageRank = row[1], n.runId = $runId
RETURN count(*) AS written
