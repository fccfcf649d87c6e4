// What is noted of a run.
// name: status-of-run
// parameters: id
// columns: status
// READ
MATCH (r:Run {id: $id})
RETURN r.status AS status
