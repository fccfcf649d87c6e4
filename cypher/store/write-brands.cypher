// Create or replace brands.
// name: write-brands
// parameters: rows, seq, origin
// columns: -
// WRITE
UNWIND $rows AS row
MERGE (brand:Brand {id: row[0]})
  ON CREATE SET brand.origin = $origin
SET brand.name = row[1], brand.caption = coalesce(row[1], row[0]), brand.category = row[2], brand.seq = $seq
