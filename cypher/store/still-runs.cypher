// Whether a transaction that was begun with a mark still runs, which a server tells of one's own.
// name: still-runs
// parameters: mark
// columns: running
// READ
SHOW TRANSACTIONS YIELD metaData WHERE metaData['influence-graph'] = $mark
RETURN count(*) > 0 AS running
