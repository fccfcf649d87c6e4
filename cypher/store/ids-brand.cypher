// The first ids of brands that begin with a text, with names ("": none).
// name: ids-brand
// parameters: prefix, limit
// columns: id, name
// READ
MATCH (node:Brand)
WHERE node.id STARTS WITH $prefix
RETURN node.id AS id, coalesce(node.name, '') AS name ORDER BY id LIMIT $limit
