// Show a measure of the current run on the nodes of brands: rows of id and score, the properties of the score and of its run.
// name: show-brands
// parameters: rows, score, run, runId
// columns: -
// WRITE
UNWIND $rows AS row
MATCH (n:Brand {id: row[0]})
SET n[$score] = row[1], n[$run] = $runId
