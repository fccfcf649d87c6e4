// Runs of a kind that are neither current nor running.
// name: stale-runs
// parameters: kind
// columns: id
// READ
MATCH (r:Run {kind: $kind}) WHERE r.status IN ['superseded', 'abandoned'] AND NOT coalesce(r.swept, false)
RETURN r.id AS id
