// The migrations that this database has.
// name: applied-migrations
// parameters: -
// columns: version, name
// READ
MATCH (m:Migration)
RETURN m.version AS version, m.name AS name ORDER BY version
