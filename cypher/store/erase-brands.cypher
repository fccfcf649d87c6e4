// Delete brands that no record names; one to which a result still points stays as a node that only results made.
// name: erase-brands
// parameters: keys
// columns: deleted
// WRITE
UNWIND $keys AS key
MATCH (brand:Brand {id: key[0]})
CALL (brand) {
  WITH brand WHERE EXISTS { (brand)-[:BOND|CO_ASSOCIATED]-() }
  REMOVE brand.seq
}
CALL (brand) {
  WITH brand WHERE NOT EXISTS { (brand)-[:BOND|CO_ASSOCIATED]-() }
  DETACH DELETE brand
}
RETURN count(*) AS deleted
