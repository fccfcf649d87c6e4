// Make what says which runs are current where it is not there, locked until the end of the transaction; it gets a high id,
// as in record-migration.
// name: open-runs
// parameters: -
// columns: runs
// WRITE
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
CALL () { OPTIONAL MATCH (r:Recalculation) RETURN coalesce(max(r.number), 0) AS together }
CALL (together) {
  OPTIONAL MATCH (r:Run)
  WITH together, coalesce(max(r.number), 0) AS number
  RETURN CASE WHEN number > together THEN number ELSE together END AS number
}
CALL () {
  OPTIONAL MATCH (current:Current) WHERE EXISTS { (:Run {id: current.runId}) }
  RETURN collect(current.kind + ' ' + current.runId) AS entries
}
MERGE (state:CurrentRuns {name: 'current'})
  ON CREATE SET state.runs = [toString(number), toString(together)] + entries
FOREACH (low IN lows | DELETE low)
RETURN state.runs AS runs
