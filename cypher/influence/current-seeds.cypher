// Whom to win first
// about = "The people that the current run of seeds chose, in its order, and how each can be won."
// access = "READ"
// needs = ["seeds"]
// columns.rank = {type = "integer"}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.gain = {type = "number", unit = "people", about = "more people reached when this one is added"}
// columns.how = {type = "text", about = "give the product: others follow what this person does in silence; ask for a post: they follow what is said; else not on record"}
// columns.basis = {type = "text", about = "found: by the current run of influencers; declared: by the record of the person"}
MATCH (current:Current {kind: 'seeds'}) WITH current.runId AS runId
OPTIONAL MATCH (influencers:Current) WHERE influencers.kind = 'influencers' // a store without them has seeds, too
WITH runId, influencers.runId AS foundBy
MATCH (:Run {id: runId})-[seed:SEED]->(person:Consumer)
WITH seed, person, CASE WHEN person.causedRunId = foundBy AND person.foundStyle IN ['active', 'passive'] THEN person.foundStyle END AS found,
  CASE WHEN person.kind = 'influencer' THEN person.style END AS declared
RETURN coalesce(seed.rank, seed.position) AS rank, person.id AS id, person.name AS name, seed.gain AS gain,
  CASE coalesce(found, declared) WHEN 'passive' THEN 'give the product' WHEN 'active' THEN 'ask for a post' ELSE 'not on record' END AS how,
  CASE WHEN found IS NOT NULL THEN 'found' WHEN declared IS NOT NULL THEN 'declared' END AS basis
ORDER BY rank
