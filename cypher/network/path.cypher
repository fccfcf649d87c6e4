// Shortest chain of ties
// about = "A shortest chain of at most 15 ties between two people, either way; of several the first by its ids."
// access = "READ"
// parameters.source = {type = "person", about = "where the chain starts"}
// parameters.target = {type = "person", about = "where it ends", example = "june"}
// columns.hops = {type = "integer"}
// columns.people = {type = "texts"}
// columns.names = {type = "texts"}
MATCH (source:Consumer {id: $source}), (target:Consumer {id: $target}) WHERE source <> target
MATCH path = allShortestPaths((source)-[:FOLLOWS|KNOWS|EXPOSED_TO*..15]-(target))
RETURN length(path) AS hops, [person IN nodes(path) | person.id] AS people,
  [person IN nodes(path) | coalesce(person.name, person.id)] AS names
ORDER BY people LIMIT 1
