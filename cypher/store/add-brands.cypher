// Create the brands among *ids* that no file has declared yet; a node that only results made becomes one of them.
// name: add-brands
// parameters: ids, seq, origin
// columns: added
// WRITE
UNWIND $ids AS id
MERGE (brand:Brand {id: id})
WITH brand WHERE brand.seq IS NULL
SET brand.seq = $seq, brand.caption = brand.id, brand.origin = $origin
RETURN count(*) AS added
