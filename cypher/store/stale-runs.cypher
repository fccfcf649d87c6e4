// Runs of a kind that are to be swept, and whether what they gave is kept elsewhere: the abandoned ones, and of those superseded so many seconds ago all but the last.
// name: stale-runs
// parameters: kind, seconds
// columns: id, kind, status, archived
// READ
CALL () {
  MATCH (r:Run {kind: $kind, status: 'abandoned'})
  RETURN r
  UNION ALL
  MATCH (r:Run {kind: $kind, status: 'superseded'})
  WITH r, coalesce(r.supersededAt, r.finishedAt) AS supersededAt ORDER BY supersededAt DESC SKIP 1
  WHERE supersededAt <= datetime.realtime() - duration({seconds: $seconds})
  RETURN r
}
WITH r WHERE NOT coalesce(r.swept, false)
RETURN r.id AS id, r.kind AS kind, r.status AS status, EXISTS { (:Archive {runId: r.id}) } AS archived
