// Take all that a file has said of people from them: other records still name them.
// name: bare-people
// parameters: keys
// columns: -
// WRITE
UNWIND $keys AS key
MATCH (person:Consumer {id: key[0]})
SET person.caption = person.id
REMOVE person.name, person.kind, person.style, person.followers, person.platform, person.city, person.joined,
  person:Influencer, person:ActiveInfluencer, person:PassiveInfluencer
