// Note that a run is about to be swept: who has read some of it reads again.
// name: start-sweep
// parameters: id
// columns: -
// WRITE
MATCH (r:Run {id: $id})
SET r.sweptAt = datetime.realtime()
