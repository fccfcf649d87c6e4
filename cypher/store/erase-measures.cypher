// Take these people out of some of the parts of measures that list them.
// name: erase-measures
// parameters: ids, limit
// columns: changed
// WRITE
MATCH (measure:Measure {label: 'Consumer'}) WHERE any(id IN measure.ids WHERE id IN $ids)
WITH measure LIMIT $limit
WITH measure, [place IN range(0, size(measure.ids) - 1) WHERE NOT measure.ids[place] IN $ids] AS kept
SET measure.ids = [place IN kept | measure.ids[place]], measure.scores = [place IN kept | measure.scores[place]]
RETURN count(*) AS changed
