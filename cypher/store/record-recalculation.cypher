// Note a recalculation and the ticks that take effect with it, but those that did before; they get high ids, as in
// record-migration.
// name: record-recalculation
// parameters: recalculation, ticks
// columns: -
// WRITE
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
CREATE (r:Recalculation) SET r = $recalculation
WITH r, lows
CALL (r) {
  UNWIND $ticks AS name
  OPTIONAL MATCH (known:Tick {name: name})
  WITH r, name WHERE known IS NULL
  CREATE (:Tick {name: name, recalculation: r.id})
}
FOREACH (low IN lows | DELETE low)
