// The twenty people of the highest measure, by its name in `rank --by`, its kind of run or its property
// name: top-by
// parameters: measure
// columns: id, name, style, score
// READ
MATCH (:Current)-[:POINTS_TO]->(run:Run)
WHERE run.property IS NOT NULL AND $measure IN [run.measure, run.kind, run.property]
MATCH (person:Consumer) WHERE person[run.runProperty] = run.id
RETURN person.id AS id, person.name AS name, person.style AS style, person[run.property] AS score
ORDER BY score DESC, id LIMIT 20
