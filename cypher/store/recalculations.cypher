// The latest recalculations of the first so many changes of what is current, newest first.
// name: recalculations
// parameters: limit, number
// columns: number, document
// READ
MATCH (r:Recalculation)
WITH r.number AS number, r.document AS document WHERE number <= $number AND document IS NOT NULL
RETURN number, document ORDER BY number DESC LIMIT $limit
