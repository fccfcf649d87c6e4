// Create the associations of brands of a run that is not yet current; a brand that was only named may have no node.
// name: write-associations
// parameters: rows, runId
// columns: written
// WRITE
UNWIND $rows AS row
MERGE (brand:Brand {id: row[0]}) ON CREATE SET brand.caption = row[0]
MERGE (other:Brand {id: row[1]}) ON CREATE SET other.caption = row[1]
CREATE (brand)-[:CO_ASSOCIATED {strength: row[2], caption: round(row[2], 2), events: row[3], consumers: row[4], runId: $runId}]->(other)
RETURN count(*) AS written
