// All runs, newest first.
// name: runs
// parameters: -
// columns: id, kind, status, startedAt, finishedAt, inputDigest, parameters, version
// READ
MATCH (r:Run)
RETURN r.id AS id, r.kind AS kind, r.status AS status, r.startedAt AS startedAt, r.finishedAt AS finishedAt,
  r.inputDigest AS inputDigest, r.parameters AS parameters, r.version AS version
ORDER BY startedAt DESC, id DESC
