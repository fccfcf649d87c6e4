// The run whose results are the current ones of its kind.
// name: current-run
// parameters: kind
// columns: id, kind, status, startedAt, finishedAt, inputDigest, parameters, version
// READ
MATCH (:Current {kind: $kind})-[:POINTS_TO]->(r:Run)
RETURN r.id AS id, r.kind AS kind, r.status AS status, r.startedAt AS startedAt, r.finishedAt AS finishedAt,
  r.inputDigest AS inputDigest, r.parameters AS parameters, r.version AS version
