// Influencers as found
// about = "The people whom the current run of influencers found to move others beyond chance, with the adoptions that they caused and whether their record declares them."
// access = "READ"
// needs = ["influencers"]
// parameters.limit = {type = "integer", about = "rows at most", default = 100, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.foundStyle = {type = "text", about = "active: by what they say; passive: in silence"}
// columns.declared = {type = "text", about = "style by their record; undeclared, or declared without a style"}
// columns.caused = {type = "number", unit = "adoptions"}
// columns.causedLow = {type = "number", unit = "adoptions", about = "low end of 95 %"}
// columns.causedHigh = {type = "number", unit = "adoptions", about = "high end of 95 %"}
// columns.q = {type = "number", about = "least false discovery rate at which this person is found"}
// columns.audience = {type = "integer", about = "people exposed to this person"}
// columns.rivals = {type = "integer", about = "others of whom it may be instead"}
MATCH (current:Current {kind: 'influencers'}) WITH current.runId AS runId
MATCH (person:FoundInfluencer) WHERE person.causedRunId = runId
RETURN person.id AS id, person.name AS name, person.foundStyle AS foundStyle,
  CASE WHEN person.kind = 'influencer' THEN coalesce(person.style, 'declared without a style') ELSE 'undeclared' END AS declared,
  person.caused AS caused, person.causedLow AS causedLow, person.causedHigh AS causedHigh, person.foundQ AS q,
  person.foundAudience AS audience, person.foundRivals AS rivals
ORDER BY caused DESC, id LIMIT $limit
