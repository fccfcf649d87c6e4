// Create or replace sales.
// name: write-sales
// parameters: rows, seq, origin
// columns: -
// WRITE
UNWIND $rows AS row
MATCH (brand:Brand {id: row[0]})
MERGE (sale:Sales {brand: row[0], date: row[1], segment: row[3]})
  ON CREATE SET sale.origin = $origin
SET sale.value = row[2], sale.seq = $seq
MERGE (sale)-[:OF]->(brand)
