// A measure is kept per run, as bonds are, in parts that list ids and scores, best first; nodes only show the current one.
CREATE INDEX measure_run IF NOT EXISTS FOR (m:Measure) ON (m.runId);
MATCH (:Current)-[:POINTS_TO]->(run:Run) WHERE run.property IS NOT NULL
CALL (run) {
  MATCH (node:Consumer) WHERE node[run.runProperty] = run.id AND node[run.property] IS NOT NULL
  RETURN 'Consumer' AS label, node.id AS id, node[run.property] AS score
  UNION ALL
  MATCH (node:Brand) WHERE node[run.runProperty] = run.id AND node[run.property] IS NOT NULL
  RETURN 'Brand' AS label, node.id AS id, node[run.property] AS score
}
WITH run, label, id, toFloat(score) AS score ORDER BY score DESC, id
WITH run, label, collect(id) AS ids, collect(score) AS scores
UNWIND range(0, (size(ids) - 1) / 10000) AS part
MERGE (measure:Measure {runId: run.id, label: label, part: part})
SET measure.ids = ids[part * 10000..(part + 1) * 10000], measure.scores = scores[part * 10000..(part + 1) * 10000];
// What a reader follows is a property of one node: a relationship is gone for a moment when it is made anew.
MATCH (current:Current)-[:POINTS_TO]->(run:Run) WHERE current.runId IS NULL
SET current.runId = run.id;
MATCH (:Current)-[pointer:POINTS_TO]->(:Run) WHERE pointer IS NOT NULL
DELETE pointer;
// Of former measures and seeds nothing is left to sweep.
MATCH (run:Run {status: 'superseded'}) WHERE run.swept IS NULL AND (run.property IS NOT NULL OR run.kind = 'seeds')
SET run.swept = true, run.sweptAt = datetime.realtime();
