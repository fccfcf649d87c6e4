// Take all that a file has said of brands from them: other records still name them.
// name: bare-brands
// parameters: keys
// columns: -
// WRITE
UNWIND $keys AS key
MATCH (brand:Brand {id: key[0]})
SET brand.caption = brand.id
REMOVE brand.name, brand.category
