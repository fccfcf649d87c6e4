// People within two ties
// about = "People within two ties of a person, either way, nearest first."
// access = "READ"
// parameters.person = {type = "person"}
// parameters.limit = {type = "integer", about = "rows at most", default = 1000, low = 1, high = 100000}
// columns.id = {type = "text"}
// columns.name = {type = "text"}
// columns.hops = {type = "integer"}
MATCH path = (person:Consumer {id: $person})-[:FOLLOWS|KNOWS|EXPOSED_TO]-{1,2}(other:Consumer)
WHERE other <> person
RETURN other.id AS id, other.name AS name, min(length(path)) AS hops
ORDER BY hops, id LIMIT $limit
