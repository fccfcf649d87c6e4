// The twenty people of the highest measure: pageRank, authority, hub, psiScore, influence, passivity, strength, reach …
// name: top-by
// parameters: measure
// columns: id, name, style, score
// READ
MATCH (person:Consumer) WHERE person[$measure] IS NOT NULL
RETURN person.id AS id, person.name AS name, person.style AS style, person[$measure] AS score
ORDER BY score DESC, id LIMIT 20
