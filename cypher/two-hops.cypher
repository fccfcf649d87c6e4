// People within two ties of a person, either way, nearest first
// name: two-hops
// parameters: person
// columns: id, name, hops
// READ
MATCH path = (person:Consumer {id: $person})-[:FOLLOWS|KNOWS|EXPOSED_TO]-{1,2}(other:Consumer)
WHERE other <> person
RETURN other.id AS id, other.name AS name, min(length(path)) AS hops
ORDER BY hops, id LIMIT 1000
