// Rows of brands written after one transaction and up to another, one list per transaction.
// name: read-brands
// parameters: after, upto
// columns: seq, rows
// READ
MATCH (brand:Brand)
WHERE brand.seq > $after AND brand.seq <= $upto
WITH brand.seq AS seq, collect([brand.id, brand.name, brand.category]) AS rows
RETURN seq, rows ORDER BY seq
