// The keys of sales that one of these sources gave, and whether no other did.
// name: sales-of-sources
// parameters: sources
// columns: key, only
// READ
MATCH (record:Sales) WHERE record.origin IN $sources OR record.also IN $sources
RETURN [record.brand, record.date, record.segment] AS key, record.origin IN $sources AND coalesce(record.also IN $sources, true) AS only
