// Pruned runs of which something is left; swept: only the record of it.
// name: pruned-runs
// parameters: -
// columns: id, kind, swept
// READ
MATCH (r:Run) WHERE r.pruned
RETURN r.id AS id, r.kind AS kind, coalesce(r.swept, false) AS swept
