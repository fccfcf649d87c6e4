// Stored sales with one of these keys.
// name: find-sales
// parameters: keys
// columns: row, element, origin, also
// READ
UNWIND $keys AS key
MATCH (sale:Sales {brand: key[0], date: key[1], segment: key[2]})
RETURN [sale.brand, sale.date, sale.value, sale.segment] AS row,
  elementId(sale) AS element, sale.origin AS origin, sale.also AS also
