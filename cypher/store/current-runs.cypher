// Which runs are current: the number of the last change, that of the last recalculation, then kind and id of each. A server
// that was not migrated yet has no such list, and former says what is current there: who may only read cannot migrate.
// name: current-runs
// parameters: -
// columns: runs, former
// READ
OPTIONAL MATCH (state:CurrentRuns {name: 'current'})
RETURN state.runs AS runs, CASE WHEN state IS NULL THEN COLLECT {
  MATCH (current:Current) WHERE current.runId IS NOT NULL RETURN current.kind + ' ' + current.runId
} ELSE [] END AS former
