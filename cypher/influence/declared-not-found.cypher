// Influencers declared, but not found
// about = "People whose record calls them influencers and whom the current run of influencers did not find: too few records to tell, or no more came after them than after others."
// access = "READ"
// needs = ["influencers"]
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.style = {type = "text"}
// columns.statedFollowers = {type = "integer", about = "as the record of the person states"}
MATCH (current:Current {kind: 'influencers'}) WITH current.runId AS runId
MATCH (person:Influencer) WHERE coalesce(person.causedRunId, '') <> runId
RETURN person.id AS id, person.name AS name, person.style AS style, person.followers AS statedFollowers
ORDER BY statedFollowers IS NULL, statedFollowers DESC, id LIMIT $limit
