// All sources by number.
// name: read-sources
// parameters: -
// columns: number, name, digest, addedAt, rows
// READ
MATCH (source:Source)
RETURN source.number AS number, source.name AS name, source.digest AS digest, source.addedAt AS addedAt, source.rows AS rows
ORDER BY number
