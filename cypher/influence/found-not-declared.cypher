// Influencers found, but not declared
// about = "People found to move others whose record does not call them influencers: nobody may have thought of winning them."
// access = "READ"
// needs = ["influencers"]
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.foundStyle = {type = "text", about = "active: by what they say; passive: in silence"}
// columns.caused = {type = "number", unit = "adoptions"}
// columns.q = {type = "number", about = "least false discovery rate at which this person is found"}
MATCH (current:Current {kind: 'influencers'}) WITH current.runId AS runId
MATCH (person:FoundInfluencer) WHERE person.causedRunId = runId AND coalesce(person.kind, '') <> 'influencer'
RETURN person.id AS id, person.name AS name, person.foundStyle AS foundStyle, person.caused AS caused, person.foundQ AS q
ORDER BY caused DESC, id LIMIT $limit
