// The run with an id, but one that was pruned; whole: nothing of it has been swept.
// name: run-of
// parameters: id
// columns: id, kind, status, startedAt, finishedAt, inputDigest, parameters, version, number, whole
// READ
MATCH (r:Run {id: $id}) WHERE r.pruned IS NULL
RETURN r.id AS id, r.kind AS kind, r.status AS status, r.startedAt AS startedAt, r.finishedAt AS finishedAt,
  r.inputDigest AS inputDigest, r.parameters AS parameters, r.version AS version, r.number AS number,
  r.sweptAt IS NULL AS whole
