// Keep nothing under a name.
// name: delete-state
// parameters: name
// columns: -
// WRITE
MATCH (state:State {name: $name})
DELETE state
