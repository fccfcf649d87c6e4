// What no write can have left in the books of runs, each with how often.
// name: stray-books
// parameters: -
// columns: what, number
// READ
CALL () {
  MATCH (state:CurrentRuns) UNWIND state.runs[2..] AS entry
  WITH split(entry, ' ') AS pair
  WHERE NOT EXISTS { (:Run {id: pair[1]}) } OR NOT EXISTS { (:Current {kind: pair[0], runId: pair[1]}) }
  RETURN 'a current run that is not there' AS what, count(*) AS number
  UNION ALL
  MATCH (archive:Archive) WHERE NOT EXISTS { (:Run {id: archive.runId}) }
  RETURN 'results of a run that is not there' AS what, count(*) AS number
  UNION ALL
  MATCH (archive:Archive) WITH archive.runId AS id, max(archive.part) + 1 AS parts, count(*) AS found WHERE parts <> found
  RETURN 'results of a run with a part missing' AS what, count(*) AS number
  UNION ALL
  MATCH (tick:Tick) WHERE NOT EXISTS { (:Recalculation {id: tick.recalculation}) }
  RETURN 'a tick of a recalculation that is not there' AS what, count(*) AS number
}
WITH what, number WHERE number > 0
RETURN what, number
