// Create the associations of brands of a run that is not yet current.
// name: write-associations
// parameters: rows, runId
// columns: written
// WRITE
UNWIND $rows AS row
MATCH (brand:Brand {id: row[0]})
MATCH (other:Brand {id: row[1]})
CREATE (brand)-[:CO_ASSOCIATED {strength: row[2], events: row[3], consumers: row[4], runId: $runId}]->(other)
RETURN count(*) AS written
