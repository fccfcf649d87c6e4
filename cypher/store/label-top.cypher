// Label the best tenth of the people in a run, twenty at most, and nobody else.
// name: label-top
// parameters: score, run, runId
// columns: labeled
// WRITE
CALL () { MATCH (former:TopInfluencer) REMOVE former:TopInfluencer RETURN count(*) AS _ }
MATCH (person:Consumer) WHERE person[$run] = $runId
WITH person ORDER BY person[$score] DESC, person.id
WITH collect(person) AS people
UNWIND people[..CASE WHEN size(people) > 200 THEN 20 ELSE toInteger(ceil(size(people) / 10.0)) END] AS best
SET best:TopInfluencer
RETURN count(*) AS labeled
