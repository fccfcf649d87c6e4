// Create the bonds of a run that is not yet current; a brand that was only named together with others may have no node.
// Those below zero have a strained bond beside them, which the Browser can color; captions are what it draws.
// name: write-bonds
// parameters: rows, runId
// columns: written
// WRITE
UNWIND $rows AS row
MATCH (consumer:Consumer {id: row[0]})
MERGE (brand:Brand {id: row[1]}) ON CREATE SET brand.caption = row[1]
CREATE (consumer)-[:BOND {fusionScore: row[2], caption: round(row[2], 2), toBrand: row[3], toConsumer: row[4], reciprocity: row[5],
  asOf: CASE WHEN row[6] IS NOT NULL THEN datetime.fromepoch((row[6] + 62135596800000000) / 1000000 - 62135596800, (row[6] + 62135596800000000) % 1000000 * 1000) END, runId: $runId}]->(brand)
FOREACH (_ IN CASE WHEN row[2] < 0 THEN [1] ELSE [] END |
  CREATE (consumer)-[:STRAINED {fusionScore: row[2], caption: round(row[2], 2), runId: $runId}]->(brand))
RETURN count(*) AS written
