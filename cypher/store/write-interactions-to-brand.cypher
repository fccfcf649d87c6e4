// Create interactions towards brands that are known to be new: what they state, then touchpoint and valence as resolved.
// name: write-interactions-to-brand
// parameters: rows, seq, origin
// columns: -
// WRITE
UNWIND $rows AS row
MATCH (consumer:Consumer {id: row[2]})
MATCH (brand:Brand {id: row[3]})
CREATE (consumer)-[:INTERACTED {eventId: row[0],
  at: datetime.fromepoch((row[1] + 62135596800000000) / 1000000 - 62135596800, (row[1] + 62135596800000000) % 1000000 * 1000),
  statedDirection: row[4], kind: row[5], statedTouchpoint: row[6], points: row[7], statedValence: row[8], weight: row[9],
  channel: row[10], platform: row[11], reach: row[12], confidence: row[13], blame: row[14], withBrands: split(row[15], '|'),
  recordedAt: CASE WHEN row[16] IS NOT NULL THEN datetime.fromepoch((row[16] + 62135596800000000) / 1000000 - 62135596800, (row[16] + 62135596800000000) % 1000000 * 1000) END,
  replaces: row[17], value: row[18], currency: row[19], paid: row[20], recognized: row[21], item: row[22],
  touchpoint: row[23], valence: row[24], seq: $seq, origin: $origin}]->(brand)
