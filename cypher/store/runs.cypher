// All runs, newest first; number: of the change that made it current. One that is just being noted,
// of which a property is still missing, is left out, and so is one that was pruned.
// name: runs
// parameters: -
// columns: id, kind, status, startedAt, finishedAt, inputDigest, parameters, version, number
// READ
MATCH (r:Run) WHERE r.pruned IS NULL
WITH r.id AS id, r.kind AS kind, r.startedAt AS startedAt, r.inputDigest AS inputDigest, r.parameters AS parameters,
  r.version AS version, r.status AS status, r.finishedAt AS finishedAt, r.number AS number
WHERE none(value IN [id, kind, startedAt, inputDigest, parameters, version, status] WHERE value IS NULL)
RETURN id, kind, status, startedAt, finishedAt, inputDigest, parameters, version, number
ORDER BY startedAt DESC, id DESC
