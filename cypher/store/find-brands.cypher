// Stored brands with one of these keys.
// name: find-brands
// parameters: keys
// columns: row, element, origin, also
// READ
UNWIND $keys AS key
MATCH (brand:Brand {id: key[0]})
RETURN [brand.id, brand.name, brand.category] AS row,
  elementId(brand) AS element, brand.origin AS origin, brand.also AS also
