// Create the learned influences of a run that is not yet current.
// name: write-influences
// parameters: rows, runId
// columns: written
// WRITE
UNWIND $rows AS row
MATCH (source:Consumer {id: row[0]})
MATCH (target:Consumer {id: row[1]})
CREATE (source)-[:INFLUENCES {probability: row[2], caption: round(row[2], 2), meanDelay: row[3], runId: $runId}]->(target)
RETURN count(*) AS written
