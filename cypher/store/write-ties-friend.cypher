// Create or replace friend ties.
// name: write-ties-friend
// parameters: rows, seq, origin
// columns: -
// WRITE
UNWIND $rows AS row
MATCH (source:Consumer {id: row[0]})
MATCH (target:Consumer {id: row[1]})
MERGE (source)-[tie:KNOWS]->(target)
  ON CREATE SET tie.origin = $origin
SET tie.weight = row[3],
  tie.since = CASE WHEN row[4] IS NOT NULL THEN datetime.fromepoch((row[4] + 62135596800000000) / 1000000 - 62135596800, (row[4] + 62135596800000000) % 1000000 * 1000) END,
  tie.seq = $seq
