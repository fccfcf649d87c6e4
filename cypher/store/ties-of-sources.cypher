// The keys of ties that one of these sources gave, and whether no other did.
// name: ties-of-sources
// parameters: sources
// columns: key, only
// READ
MATCH (source)-[record:FOLLOWS|KNOWS|EXPOSED_TO]->(target) WHERE record.origin IN $sources OR record.also IN $sources
RETURN [source.id, target.id, CASE type(record) WHEN 'KNOWS' THEN 'friend' WHEN 'EXPOSED_TO' THEN 'exposed' ELSE 'follows' END] AS key, record.origin IN $sources AND coalesce(record.also IN $sources, true) AS only
