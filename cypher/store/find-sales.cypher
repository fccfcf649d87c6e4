// Stored sales with one of these keys.
// name: find-sales
// parameters: keys
// columns: row
// READ
UNWIND $keys AS key
MATCH (sale:Sales {brand: key[0], date: key[1], segment: key[2]})
RETURN [sale.brand, sale.date, sale.value, sale.segment] AS row
