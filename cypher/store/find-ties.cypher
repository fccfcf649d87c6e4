// Stored ties of any kind between the pairs with one of these keys.
// name: find-ties
// parameters: keys
// columns: row, element, origin, also
// READ
UNWIND $keys AS key
MATCH (source:Consumer {id: key[0]})
MATCH (target:Consumer {id: key[1]})
MATCH (source)-[tie:FOLLOWS|KNOWS|EXPOSED_TO]->(target)
RETURN [source.id, target.id, CASE type(tie) WHEN 'KNOWS' THEN 'friend' WHEN 'EXPOSED_TO' THEN 'exposed' ELSE 'follows' END, tie.weight,
  tie.since.epochMillis * 1000 + tie.since.microsecond % 1000] AS row,
  elementId(tie) AS element, tie.origin AS origin, tie.also AS also
