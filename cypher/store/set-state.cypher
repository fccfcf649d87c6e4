// Keep a value under a name; its node gets a high id, as in record-migration.
// name: set-state
// parameters: name, value
// columns: -
// WRITE
CALL () {
  UNWIND CASE WHEN EXISTS { (:State {name: $name}) } THEN [] ELSE range(1, 1024) END AS _
  CREATE (low) RETURN collect(low) AS lows
}
MERGE (state:State {name: $name})
FOREACH (low IN lows | DELETE low)
SET state.value = $value
