// Make a source where there is none with the same digest; its node gets a high id, as in record-migration.
// name: add-source
// parameters: name, digest
// columns: number
// WRITE
CALL () {
  UNWIND CASE WHEN EXISTS { (:Source {digest: $digest}) } THEN [] ELSE range(1, 1024) END AS _
  CREATE (low) RETURN collect(low) AS lows
}
WITH lows, COLLECT { MATCH (known:Source) RETURN max(known.number) } AS last
MERGE (source:Source {digest: $digest})
  ON CREATE SET source.number = coalesce(last[0], 0) + 1, source.name = $name, source.addedAt = datetime.realtime()
FOREACH (low IN lows | DELETE low)
RETURN source.number AS number
