// Note that a migration has been applied. Nodes are shown in the order of their ids, and those of deleted ones are given
// again: created after 1,024 that are deleted, a node that keeps books leaves the first ids to people and brands.
// name: record-migration
// parameters: version, name
// columns: -
// WRITE
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
MERGE (m:Migration {version: $version})
  ON CREATE SET m.name = $name, m.appliedAt = datetime.realtime()
FOREACH (low IN lows | DELETE low)
