// Rows of sales written after one transaction and up to another, one list per transaction.
// name: read-sales
// parameters: after, upto
// columns: seq, rows
// READ
MATCH (sale:Sales)
WHERE sale.seq > $after AND sale.seq <= $upto
WITH sale.seq AS seq, collect([sale.brand, sale.date, sale.value, sale.segment]) AS rows
RETURN seq, rows ORDER BY seq
