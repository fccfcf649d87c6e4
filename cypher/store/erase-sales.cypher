// Delete sales with these keys.
// name: erase-sales
// parameters: keys
// columns: deleted
// WRITE
UNWIND $keys AS key
MATCH (sale:Sales {brand: key[0], date: key[1], segment: key[2]})
DETACH DELETE sale
RETURN count(*) AS deleted
