// Note that nothing is left of a run but its record.
// name: mark-swept
// parameters: id
// columns: -
// WRITE
MATCH (r:Run {id: $id})
SET r.swept = true
