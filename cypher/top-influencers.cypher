// The twenty people of the highest rank
// name: top-influencers
// parameters: -
// columns: id, name, style, pageRank
// READ
MATCH (:Current {kind: 'rank'})-[:POINTS_TO]->(run:Run)
MATCH (person:Consumer) WHERE person.runId = run.id
RETURN person.id AS id, person.name AS name, person.style AS style, person.pageRank AS pageRank
ORDER BY pageRank DESC, id LIMIT 20
