// Label these people as the best of the current ranking, and nobody else.
// name: label-top
// parameters: ids
// columns: labeled
// WRITE
CALL () { MATCH (former:TopInfluencer) WHERE NOT former.id IN $ids REMOVE former:TopInfluencer RETURN count(*) AS _ }
UNWIND $ids AS id
MATCH (best:Consumer {id: id})
SET best:TopInfluencer
RETURN count(*) AS labeled
