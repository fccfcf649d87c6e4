// Likeliest chains of influence
// about = "The most probable chains of up to four learned influences from one person to another."
// access = "READ"
// needs = ["learn"]
// parameters.source = {type = "person", about = "who influences"}
// parameters.target = {type = "person", about = "who is influenced", example = "annie"}
// parameters.limit = {type = "integer", about = "rows at most", default = 10, low = 1, high = 100000}
// columns.probability = {type = "number", about = "of the whole chain"}
// columns.hops = {type = "integer"}
// columns.people = {type = "texts"}
// columns.names = {type = "texts"}
MATCH (current:Current {kind: 'learn'}) WITH current.runId AS runId
MATCH (source:Consumer {id: $source}), (target:Consumer {id: $target}) WHERE source <> target
MATCH path = (source)-[ties:INFLUENCES*1..4]->(target) WHERE all(tie IN ties WHERE tie.runId = runId)
  AND all(person IN nodes(path) WHERE single(other IN nodes(path) WHERE other = person))
RETURN reduce(product = 1.0, tie IN ties | product * tie.probability) AS probability, length(path) AS hops,
  [person IN nodes(path) | person.id] AS people,
  [person IN nodes(path) | coalesce(person.name, person.id)] AS names
ORDER BY probability DESC, hops, people LIMIT $limit
