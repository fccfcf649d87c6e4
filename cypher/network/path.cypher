// Shortest chain of ties
// about = "A shortest chain of ties between two people."
// access = "READ"
// parameters.source = {type = "person"}
// parameters.target = {type = "person", example = "fan-1"}
// columns.hops = {type = "integer"}
// columns.people = {type = "texts"}
// columns.names = {type = "texts"}
MATCH (source:Consumer {id: $source}), (target:Consumer {id: $target}) WHERE source <> target
MATCH path = shortestPath((source)-[:FOLLOWS|KNOWS|EXPOSED_TO*..15]-(target))
RETURN length(path) AS hops, [person IN nodes(path) | person.id] AS people,
  [person IN nodes(path) | coalesce(person.name, person.id)] AS names
