// What is kept under a name.
// name: read-state
// parameters: name
// columns: value
// READ
MATCH (state:State {name: $name})
RETURN state.value AS value
