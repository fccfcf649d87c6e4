// Delete a pruned run of which nothing else is left.
// name: delete-run
// parameters: id
// columns: -
// WRITE
MATCH (r:Run {id: $id}) WHERE r.swept AND r.pruned
DETACH DELETE r
