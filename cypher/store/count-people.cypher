// How many of these people the store holds.
// name: count-people
// parameters: rows
// columns: known
// READ
UNWIND $rows AS row
MATCH (:Consumer {id: row[0]})
RETURN count(*) AS known
