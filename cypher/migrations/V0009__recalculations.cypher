// Several results become current at once: all that a reader follows is one property of one node, which lists the number
// of the last change, that of the last recalculation, then kind and id of each current run. It gets a high id, as in
// cypher/store/record-migration.cypher. What former runs gave is kept in parts for comparison.
// Where there is no run yet, the first one makes it (open-runs).
CREATE CONSTRAINT current_runs_name IF NOT EXISTS FOR (c:CurrentRuns) REQUIRE c.name IS UNIQUE;
CREATE CONSTRAINT recalculation_id IF NOT EXISTS FOR (r:Recalculation) REQUIRE r.id IS UNIQUE;
CREATE CONSTRAINT tick_name IF NOT EXISTS FOR (t:Tick) REQUIRE t.name IS UNIQUE;
CREATE CONSTRAINT state_name IF NOT EXISTS FOR (s:State) REQUIRE s.name IS UNIQUE;
CREATE CONSTRAINT archive_part IF NOT EXISTS FOR (a:Archive) REQUIRE (a.runId, a.part) IS UNIQUE;
CREATE INDEX archive_run IF NOT EXISTS FOR (a:Archive) ON (a.runId);
WITH COLLECT { MATCH (current:Current) WHERE current.runId IS NOT NULL RETURN current.kind + ' ' + current.runId } AS runs
WITH runs WHERE size(runs) > 0
CALL () { UNWIND range(1, 1024) AS _ CREATE (low) RETURN collect(low) AS lows }
MERGE (state:CurrentRuns {name: 'current'})
  ON CREATE SET state.runs = ['0', '0'] + runs
FOREACH (low IN lows | DELETE low);
