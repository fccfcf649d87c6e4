// Shortest chains of influence from a person to a city
// about = "The people of a city who are fewest learned influences away from a person, at most four, and of the shortest chains to each the most probable."
// access = "READ"
// needs = ["learn"]
// parameters.person = {type = "person"}
// parameters.city = {type = "text", about = "a city as people have it", example = "Riverton"}
// parameters.limit = {type = "integer", about = "rows at most", default = 10, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.hops = {type = "integer"}
// columns.probability = {type = "number", about = "of the chain"}
// columns.people = {type = "texts"}
// columns.names = {type = "texts"}
MATCH (current:Current {kind: 'learn'}) WITH current.runId AS runId
MATCH (source:Consumer {id: $person})
MATCH near = SHORTEST 1 (source) (()-[step:INFLUENCES]->() WHERE step.runId = runId){1,4}
  (target:Consumer WHERE target.city = $city)
WITH runId, source, target, length(near) AS hops WHERE target <> source
ORDER BY hops, target.id LIMIT $limit
MATCH path = ALL SHORTEST (source) (()-[tie:INFLUENCES]->() WHERE tie.runId = runId){1,4} (target)
WITH target, hops, path, reduce(product = 1.0, each IN tie | product * each.probability) AS probability,
  [person IN nodes(path) | person.id] AS people
ORDER BY probability DESC, people
WITH target, hops, collect({probability: probability, people: people,
  names: [person IN nodes(path) | coalesce(person.name, person.id)]})[0] AS best
RETURN target.id AS id, target.name AS name, hops, best.probability AS probability, best.people AS people,
  best.names AS names
ORDER BY hops, id
