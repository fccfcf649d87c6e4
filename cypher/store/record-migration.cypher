// Note that a migration has been applied.
// name: record-migration
// parameters: version, name
// columns: -
// WRITE
MERGE (m:Migration {version: $version})
  ON CREATE SET m.name = $name, m.appliedAt = datetime.realtime()
