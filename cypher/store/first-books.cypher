// Whether each of the first nodes, in the order in which Neo4j gives and the Browser shows them, only keeps books.
// name: first-books
// parameters: limit
// columns: keepsBooks
// READ
MATCH (n)
RETURN n:Migration|Ledger|Lease|Run|Current AS keepsBooks LIMIT $limit
