// The first ids of consumers that begin with a text, with names ("": none).
// name: ids-consumer
// parameters: prefix, limit
// columns: id, name
// READ
MATCH (node:Consumer)
WHERE node.id STARTS WITH $prefix
RETURN node.id AS id, coalesce(node.name, '') AS name ORDER BY id LIMIT $limit
