// Whether a tick took effect, and by which recalculation; and whether that recalculation is on record.
// name: tick-of
// parameters: tick, id
// columns: taken, recorded
// READ
RETURN EXISTS { (:Tick {name: $tick}) } AS taken, EXISTS { (:Recalculation {id: $id}) } AS recorded
