// The twenty people of the highest measure: pageRank, authority, hub, psiScore, influence, passivity, strength, reach …
// name: top-by
// parameters: measure
// columns: id, name, style, score
// READ
WITH coalesce({
  pagerank: 'pageRank', `hits-authority`: 'authority', `hits-hub`: 'hub', psi: 'psiScore',
  degree: 'strength', `in-degree`: 'inStrength', `out-degree`: 'outStrength'
}[$measure], $measure) AS property
MATCH (person:Consumer) WHERE person[property] IS NOT NULL
RETURN person.id AS id, person.name AS name, person.style AS style, person[property] AS score
ORDER BY score DESC, id LIMIT 20
