// Note which runs are pruned: those that are not current and have so many newer ones of their kind, and those that were
// abandoned and swept.
// name: prune-runs
// parameters: keep, current
// columns: id
// WRITE
CALL () {
  MATCH (r:Run) WHERE r.status IN ['finished', 'superseded'] AND r.pruned IS NULL
  WITH r ORDER BY r.startedAt DESC, r.id DESC
  WITH r.kind AS kind, collect(r) AS runs
  UNWIND runs[$keep..] AS r
  WITH r WHERE NOT r.id IN $current
  RETURN r
  UNION ALL
  MATCH (r:Run {status: 'abandoned'}) WHERE r.swept AND r.pruned IS NULL
  RETURN r
}
SET r.pruned = true
RETURN r.id AS id
