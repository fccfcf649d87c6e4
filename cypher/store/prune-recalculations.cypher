// Delete the recalculations whose runs are gone, but the newest and those of the latest ticks.
// name: prune-recalculations
// parameters: ticks
// columns: deleted
// WRITE
MATCH (r:Recalculation)
WITH r ORDER BY r.number DESC
WITH collect(r) AS all
WITH all[1..] AS older, [r IN all WHERE r.tick IS NOT NULL][..$ticks] AS ticking
UNWIND older AS r
WITH r WHERE NOT r IN ticking AND NOT any(id IN r.runs WHERE EXISTS { MATCH (run:Run {id: id}) WHERE run.pruned IS NULL })
CALL (r) {
  UNWIND r.ticks AS name
  MATCH (tick:Tick {name: name, recalculation: r.id})
  DELETE tick
}
DELETE r
RETURN count(*) AS deleted
