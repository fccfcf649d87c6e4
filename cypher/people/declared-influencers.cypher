// Influencers as declared
// about = "People whose record calls them influencers, with their style, their stated followers and what is on record of them."
// access = "READ"
// needs = ["score"]
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.statedFollowers = {type = "integer", about = "as the record of the person states"}
// columns.interactions = {type = "integer", about = "that count in the current scores"}
// columns.last = {type = "time"}
MATCH (:Current {kind: 'score'})
MATCH (person:Influencer)
OPTIONAL MATCH (person)-[event:INTERACTED|RESPONDED]-(:Brand) WHERE event.appliedPoints IS NOT NULL
RETURN person.id AS id, person.name AS name, person.style AS style, person.followers AS statedFollowers,
  count(event) AS interactions, max(event.at) AS last
ORDER BY statedFollowers IS NULL, statedFollowers DESC, id LIMIT $limit
