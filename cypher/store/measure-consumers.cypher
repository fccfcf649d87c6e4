// Write a measure of consumers: rows of id and score, the properties of the score and of its run.
// name: measure-consumers
// parameters: rows, score, run, runId
// columns: written
// WRITE
UNWIND $rows AS row
MATCH (n:Consumer {id: row[0]})
SET n[$score] = row[1], n[$run] = $runId
RETURN count(*) AS written
