// Create or replace people, with the labels that say what they are.
// name: write-people
// parameters: rows, seq, origin
// columns: -
// WRITE
UNWIND $rows AS row
MERGE (person:Consumer {id: row[0]})
  ON CREATE SET person.origin = $origin
SET person.name = row[1], person.caption = coalesce(row[1], row[0]), person.kind = row[2], person.style = row[3], person.followers = row[4],
  person.platform = row[5], person.city = row[6],
  person.joined = CASE WHEN row[7] IS NOT NULL THEN datetime.fromepoch((row[7] + 62135596800000000) / 1000000 - 62135596800, (row[7] + 62135596800000000) % 1000000 * 1000) END,
  person.seq = $seq
REMOVE person:Influencer, person:ActiveInfluencer, person:PassiveInfluencer
FOREACH (_ IN CASE WHEN row[2] = 'influencer' THEN [1] ELSE [] END | SET person:Influencer)
FOREACH (_ IN CASE WHEN row[2] = 'influencer' AND row[3] = 'active' THEN [1] ELSE [] END | SET person:ActiveInfluencer)
FOREACH (_ IN CASE WHEN row[2] = 'influencer' AND row[3] = 'passive' THEN [1] ELSE [] END | SET person:PassiveInfluencer)
