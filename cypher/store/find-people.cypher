// Stored people with one of these keys.
// name: find-people
// parameters: keys
// columns: row, element, origin, also
// READ
UNWIND $keys AS key
MATCH (person:Consumer {id: key[0]})
RETURN [person.id, person.name, person.kind, person.style, person.followers, person.platform, person.city,
  person.joined.epochMillis * 1000 + person.joined.microsecond % 1000] AS row,
  elementId(person) AS element, person.origin AS origin, person.also AS also
