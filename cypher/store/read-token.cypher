// The token of a transaction, from the page of 64 tokens that ends with the transaction of that number.
// name: read-token
// parameters: page, place
// columns: token
// READ
MATCH (page:LedgerPage {seq: $page})
RETURN page.tokens[$place] AS token
