// Rows of people written after one transaction and up to another, one list per transaction.
// name: read-people
// parameters: after, upto
// columns: seq, rows
// READ
MATCH (person:Consumer)
WHERE person.seq > $after AND person.seq <= $upto
WITH person.seq AS seq, collect([person.id, person.name, person.kind, person.style, person.followers, person.platform, person.city,
  person.joined.epochMillis * 1000 + person.joined.microsecond % 1000]) AS rows
RETURN seq, rows ORDER BY seq
