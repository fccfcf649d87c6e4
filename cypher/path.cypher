// A shortest chain of ties between two people
// name: path
// parameters: source, target
// columns: hops, people, names
// READ
MATCH (source:Consumer {id: $source}), (target:Consumer {id: $target}) WHERE source <> target
MATCH path = shortestPath((source)-[:FOLLOWS|KNOWS|EXPOSED_TO*..15]-(target))
RETURN length(path) AS hops, [person IN nodes(path) | person.id] AS people,
  [person IN nodes(path) | coalesce(person.name, person.id)] AS names
