// Rows of friend ties written after one transaction and up to another, one list per transaction.
// name: read-ties-friend
// parameters: after, upto
// columns: seq, rows
// READ
MATCH (source:Consumer)-[tie:KNOWS]->(target:Consumer)
WHERE tie.seq > $after AND tie.seq <= $upto
WITH tie.seq AS seq, collect([source.id, target.id, 'friend', tie.weight,
  tie.since.epochMillis * 1000 + tie.since.microsecond % 1000]) AS rows
RETURN seq, rows ORDER BY seq
