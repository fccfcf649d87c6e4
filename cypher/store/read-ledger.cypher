// The ledger's identity, the number of its last transaction, its records per kind from the count store; tokens: of the
// last transactions, newest first; edition: another after each change by hand that was made known.
// name: read-ledger
// parameters: -
// columns: id, seq, touchpoints, frozen, tokens, edition, people, brands, ties, interactions, campaigns, sales
// READ
MATCH (ledger:Ledger {name: 'ledger'})
RETURN ledger.id AS id, ledger.seq AS seq, ledger.touchpoints AS touchpoints, coalesce(ledger.frozenSeq, 0) AS frozen,
  coalesce(ledger.recent, []) AS tokens, ledger.edition AS edition,
  COUNT { (:Consumer) } AS people,
  COUNT { (:Brand) } AS brands,
  COUNT { ()-[:FOLLOWS]->() } + COUNT { ()-[:KNOWS]->() } + COUNT { ()-[:EXPOSED_TO]->() } AS ties,
  COUNT { ()-[:INTERACTED]->() } + COUNT { ()-[:RESPONDED]->() } AS interactions,
  COUNT { (:Campaign) } AS campaigns,
  COUNT { (:Sales) } AS sales
