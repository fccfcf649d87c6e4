// How many of these campaigns the store holds.
// name: count-campaigns
// parameters: rows
// columns: known
// READ
UNWIND $rows AS row
MATCH (:Campaign {id: row[0]})
RETURN count(*) AS known
