// Create campaigns that are known to be new.
// name: write-campaigns
// parameters: rows, seq, origin
// columns: -
// WRITE
UNWIND $rows AS row
MATCH (brand:Brand {id: row[2]})
CREATE (:Campaign {id: row[0], at: datetime.fromepoch((row[1] + 62135596800000000) / 1000000 - 62135596800, (row[1] + 62135596800000000) % 1000000 * 1000),
  kind: row[3], segment: row[4], note: row[5], day: row[6], seq: $seq, origin: $origin})-[:BY]->(brand)
