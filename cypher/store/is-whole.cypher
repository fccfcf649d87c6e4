// Whether nothing of a run has been swept.
// name: is-whole
// parameters: id
// columns: whole
// READ
MATCH (r:Run {id: $id})
RETURN r.sweptAt IS NULL AS whole
