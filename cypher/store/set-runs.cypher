// Make these runs the current ones, in one property of one node, which changes at once.
// name: set-runs
// parameters: runs
// columns: -
// WRITE
MATCH (state:CurrentRuns {name: 'current'})
SET state.runs = $runs
