// The ledger's identity, the number of its last transaction, and its records per kind from the count store.
// name: read-ledger
// parameters: -
// columns: id, seq, touchpoints, frozen, people, brands, ties, interactions, campaigns, sales
// READ
MATCH (ledger:Ledger {name: 'ledger'})
RETURN ledger.id AS id, ledger.seq AS seq, ledger.touchpoints AS touchpoints, coalesce(ledger.frozenSeq, 0) AS frozen,
  COUNT { (:Consumer) } AS people,
  COUNT { (:Brand) } AS brands,
  COUNT { ()-[:FOLLOWS]->() } + COUNT { ()-[:KNOWS]->() } + COUNT { ()-[:EXPOSED_TO]->() } AS ties,
  COUNT { ()-[:INTERACTED]->() } + COUNT { ()-[:RESPONDED]->() } AS interactions,
  COUNT { (:Campaign) } AS campaigns,
  COUNT { (:Sales) } AS sales
