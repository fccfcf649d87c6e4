// Rows of exposed ties written after one transaction and up to another, one list per transaction.
// name: read-ties-exposed
// parameters: after, upto
// columns: seq, rows
// READ
MATCH (source:Consumer)-[tie:EXPOSED_TO]->(target:Consumer)
WHERE tie.seq > $after AND tie.seq <= $upto
WITH tie.seq AS seq, collect([source.id, target.id, 'exposed', tie.weight,
  tie.since.epochMillis * 1000 + tie.since.microsecond % 1000]) AS rows
RETURN seq, rows ORDER BY seq
