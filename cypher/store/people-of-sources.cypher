// The keys of people that one of these sources gave, and whether no other did.
// name: people-of-sources
// parameters: sources
// columns: key, only
// READ
MATCH (record:Consumer) WHERE record.origin IN $sources OR record.also IN $sources
RETURN [record.id] AS key, record.origin IN $sources AND coalesce(record.also IN $sources, true) AS only
