// The keys of interactions that one of these sources gave, and whether no other did.
// name: interactions-of-sources
// parameters: sources
// columns: key, only
// READ
MATCH ()-[record:INTERACTED|RESPONDED]->() WHERE record.origin IN $sources OR record.also IN $sources
RETURN [record.eventId] AS key, record.origin IN $sources AND coalesce(record.also IN $sources, true) AS only
