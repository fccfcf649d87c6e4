"""Queries of somebody who wants more than reading, and of somebody who only wants to read, for either store.

``@FILE@`` is a file that no query may read, ``@NEW@`` one that none may write, ``@PORT@`` a port that none may connect
to. Every query of ``CYPHER`` and ``SQL`` must be refused; one of the giants may be answered instead, within the limits.
The greedy ones want more memory than a server has; ``$big`` is a long text.
"""

from __future__ import annotations

_WRITES = r"""
CREATE (n)
CREATE (:Tick {name: 'nightly@2026-01-01T00:00:00+00:00'})
MATCH (l:Lease) SET l.token = l.token + 1
MATCH (c:CurrentRuns) SET c.runs = []
MATCH (a:Archive) DELETE a
CREATE (n:Consumer {id: 'eve'}) RETURN n
INSERT (n:Consumer {id: 'eve'})
MERGE (n:Consumer {id: 'eve'})
MERGE (a:Consumer {id: 'eve'})-[:FOLLOWS]->(b:Consumer {id: 'eve'}) RETURN a
MATCH (n) SET n.x = 1
MATCH (n) SET n += {x: 1}
MATCH (n) SET n = {}
MATCH (n) SET n:Eve
MATCH (n) SET n:$('Eve')
MATCH (n) SET n['x'] = 1
MATCH (n) REMOVE n.id
MATCH (n) REMOVE n:Consumer
MATCH (n) DELETE n
MATCH (n) DETACH DELETE n
MATCH (n) NODETACH DELETE n
MATCH ()-[r]->() DELETE r
MATCH ()-[r]->() SET r.points = 100
MATCH p = ()-->() DELETE p
FOREACH (x IN [1, 2] | CREATE (:Eve))
MATCH (n) FOREACH (x IN [1] | SET n.x = x)
UNWIND range(1, 3) AS x CREATE (:Eve {x: x}) RETURN x
UNWIND [] AS x CREATE (:Eve)
MATCH (n) WHERE false DETACH DELETE n
OPTIONAL MATCH (n:Nobody) CREATE (:Eve) RETURN n
MATCH (n) WITH n LIMIT 1 SET n.x = 1 RETURN n
RETURN 1 AS x UNION CREATE (n) RETURN 1 AS x
RETURN 1 AS x UNION ALL MATCH (n) DETACH DELETE n RETURN 1 AS x
"""
_SUBQUERIES = r"""
CALL { CREATE (n) RETURN n } RETURN n
CALL () { CREATE (n) } RETURN 1
CALL () { CALL () { CREATE (n) } } RETURN 1
MATCH (n) CALL (n) { SET n.x = 1 } RETURN n
MATCH (n) CALL (*) { DETACH DELETE n } FINISH
MATCH (n) CALL (n) { WITH n WHERE false DELETE n } RETURN count(*)
MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS
MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1 ROW ON ERROR CONTINUE
MATCH (n) CALL (n) { DETACH DELETE n } IN 2 CONCURRENT TRANSACTIONS OF 1 ROW
UNWIND range(1, 10) AS x CALL (x) { RETURN x AS y } IN TRANSACTIONS OF 2 ROWS RETURN y
UNWIND range(1, 10) AS x CALL (x) { CREATE (:Eve) } IN TRANSACTIONS OF 2 ROWS REPORT STATUS AS s RETURN s
MATCH (n) RETURN COLLECT { CREATE (m) RETURN m }
MATCH (n) WHERE EXISTS { CREATE (m) } RETURN n
MATCH (n) RETURN COUNT { DETACH DELETE n }
CALL { MATCH (n) DETACH DELETE n RETURN count(*) AS c } RETURN c
OPTIONAL CALL (*) { CREATE (n) RETURN n } RETURN n
RETURN [x IN [1] | CREATE (n)]
"""
_SCHEMA = r"""
CREATE INDEX eve FOR (n:Consumer) ON (n.city)
CREATE INDEX eve IF NOT EXISTS FOR (n:Consumer) ON (n.city)
CREATE TEXT INDEX eve FOR (n:Consumer) ON (n.city)
CREATE POINT INDEX eve FOR (n:Consumer) ON (n.place)
CREATE FULLTEXT INDEX eve FOR (n:Consumer) ON EACH [n.name]
CREATE VECTOR INDEX eve FOR (n:Consumer) ON n.v OPTIONS {indexConfig: {`vector.dimensions`: 2}}
CREATE LOOKUP INDEX eve FOR (n) ON EACH labels(n)
CREATE CONSTRAINT eve FOR (n:Consumer) REQUIRE n.city IS UNIQUE
CREATE CONSTRAINT eve FOR (n:Consumer) REQUIRE n.city IS NOT NULL
DROP CONSTRAINT consumer_id
DROP CONSTRAINT consumer_id IF EXISTS
DROP INDEX brand_id IF EXISTS
CREATE INDEX $name FOR (n:Consumer) ON (n.city)
CALL db.createLabel('Eve')
CALL db.createProperty('eve')
CALL db.createRelationshipType('EVE')
CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()
CALL db.resampleIndex('brand_id')
CALL db.resampleOutdatedIndexes()
CALL db.create.setNodeVectorProperty(null, 'x', [1.0])
"""
_ADMINISTRATION = r"""
CREATE USER eve SET PASSWORD 'password1'
CREATE OR REPLACE USER neo4j SET PASSWORD 'password1'
ALTER USER neo4j SET PASSWORD 'password1'
ALTER USER neo4j SET STATUS SUSPENDED
ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'password1'
RENAME USER neo4j TO eve
DROP USER neo4j
GRANT ROLE admin TO neo4j
CREATE DATABASE eve
DROP DATABASE neo4j
STOP DATABASE neo4j
START DATABASE neo4j
CREATE ALIAS eve FOR DATABASE neo4j
SHOW USERS
SHOW CURRENT USER
SHOW ROLES
SHOW PRIVILEGES
SHOW DATABASES
SHOW DEFAULT DATABASE
SHOW HOME DATABASE
SHOW SERVERS
SHOW ALIASES FOR DATABASE
SHOW SETTINGS
SHOW SETTINGS YIELD name, value WHERE name CONTAINS 'directories' RETURN *
SHOW TRANSACTIONS
SHOW TRANSACTIONS YIELD transactionId, currentQuery RETURN *
TERMINATE TRANSACTIONS 'neo4j-transaction-1'
TERMINATE TRANSACTION 'neo4j-transaction-1' YIELD message RETURN message
SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message RETURN message
SHOW INDEXES YIELD name TERMINATE TRANSACTIONS name
SHOW SUPPORTED PRIVILEGES
"""
_PROCEDURES = r"""
CALL dbms.listConfig()
CALL dbms.listConfig('password') YIELD value RETURN value
CALL dbms.listConnections()
CALL dbms.killConnections(['bolt-1'])
CALL dbms.killConnection('bolt-1')
CALL dbms.setConfigValue('db.logs.query.enabled', 'off')
CALL dbms.queryJmx('*:*')
CALL dbms.clientConfig()
CALL dbms.showCurrentUser()
CALL dbms.security.listUsers()
CALL dbms.upgrade()
CALL dbms.routing.getRoutingTable({})
CALL dbms.info()
CALL dbms.listCapabilities()
CALL dbms.quarantineDatabase('neo4j', true, 'eve')
CALL dbms.setDefaultDatabase('system')
CALL db.clearQueryCaches()
CALL db.checkpoint()
CALL db.prepareForReplanning()
CALL db.stats.collect('QUERIES')
CALL db.stats.retrieveAllAnonymized('x')
CALL db.listLocks()
CALL tx.setMetaData({x: 1})
CALL tx.getMetaData()
CALL jwt.security.createToken('eve')
CALL apoc.load.csv('file://@FILE@')
CALL apoc.load.json('http://127.0.0.1:@PORT@/')
CALL apoc.cypher.runWrite('CREATE (n)', {})
CALL apoc.export.csv.all('@NEW@', {})
CALL apoc.periodic.iterate('MATCH (n) RETURN n', 'DELETE n', {})
CALL gds.graph.drop('x', false)
CALL `dbms`.`listConfig`()
CALL dbms . listConfig ( )
CALL dbms/* x */.listConfig() YIELD name RETURN name
MATCH (n) CALL dbms.listConfig() YIELD name RETURN n, name
CALL { CALL dbms.listConfig() YIELD name RETURN name } RETURN name
RETURN COLLECT { CALL dbms.listConfig() YIELD name RETURN name }
"""
_OUTSIDE = r"""
LOAD CSV FROM 'file://@FILE@' AS row RETURN row
LOAD CSV FROM 'file:///@FILE@' AS row RETURN row
LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row
LOAD CSV FROM 'file:///../../../../../../../..@FILE@' AS row RETURN row
LOAD CSV WITH HEADERS FROM 'file://@FILE@' AS row RETURN row
LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS row RETURN row
LOAD CSV FROM 'https://127.0.0.1:@PORT@/x' AS row RETURN row
LOAD CSV FROM 'ftp://127.0.0.1:@PORT@/x' AS row RETURN row
LOAD CSV FROM 'http://localhost:@PORT@/x' AS row FIELDTERMINATOR ';' RETURN row
LOAD CSV FROM $url AS row RETURN row
LOAD /* x */ CSV FROM 'http://127.0.0.1:@PORT@/x' AS row RETURN row
load csv from 'http://127.0.0.1:@PORT@/x' as row return row
LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS row RETURN file(), linenumber(), row
MATCH (n) CALL (n) { LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS r RETURN r } RETURN r
CALL { LOAD CSV FROM 'file://@FILE@' AS r RETURN r } IN TRANSACTIONS RETURN r
RETURN COLLECT { LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS r RETURN r }
MATCH (n) WHERE EXISTS { LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS r RETURN r } RETURN n
USING PERIODIC COMMIT LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS row CREATE (n)
UNWIND ['http://127.0.0.1:@PORT@/x', 'file://@FILE@'] AS url LOAD CSV FROM url AS row RETURN row
PROFILE LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS row RETURN row
RETURN apoc.load.text('file://@FILE@')
RETURN apoc.cypher.runFirstColumnSingle('CREATE (n) RETURN n', {})
RETURN apoc . /* x */ `util` . sleep(100000)
RETURN '//' + apoc.util.md5(['x'])
RETURN "\u0061poc" + \u0061poc.util.md5(['x'])
RETURN '\u005C' + apoc.x('y') + ''
RETURN gds.util.asNode(0)
"""
_ESCAPES = r"""
USE system SHOW USERS
USE system MATCH (n) RETURN n
USE neo4j MATCH (n) RETURN n
USE graph.byName('system') MATCH (n) RETURN n
CALL { USE system MATCH (n) RETURN n } RETURN n
/* USE */ use/* x */system MATCH (n) RETURN n
RETURN 1 AS n UNION USE system MATCH (n) RETURN n
\u0055SE system MATCH (n) RETURN n
\u0043REATE (n)
CRE\u0041TE (n:Eve)
\u004DATCH (n) \u0044ELETE n
/* CREATE */ CREATE /* x */ (n)
// a comment that ends here CREATE (n)
MATCH (n) /* RETURN n */ DELETE n
MATCH (n) // RETURN n
EXPLAIN EXPLAIN CREATE (n)
EXPLAIN PROFILE CREATE (n)
PROFILE CREATE (n)
PROFILE MATCH (n) DETACH DELETE n
PROFILE EXPLAIN CREATE (n)
/* x */ pRoFiLe CREATE (n)
\u0050ROFILE CREATE (n)
EXPLAIN \u0050ROFILE CREATE (n)
CYPHER 5 CREATE (n)
CYPHER runtime=slotted MATCH (n) RETURN n
CYPHER replan=force MATCH (n) RETURN n
PROFILE CYPHER 5 CREATE (n)
RETURN 1; CREATE (n)
RETURN 1; MATCH (n) DETACH DELETE n;
; CREATE (n)
BEGIN
COMMIT
ROLLBACK
:use system
:param x => 1
RETURN 'a' CREATE (n) RETURN n
RETURN `x` AS `CREATE`
MATCH (n:`Consumer`) SET n:`Eve```
MATCH (n) RETURN n INTO OUTFILE '@NEW@'
MATCH (n WHERE (SET n.x = 1)) RETURN n
MATCH (n {id: (CREATE (m))}) RETURN n
DROP TABLE people
SELECT * FROM people
COPY people TO '@NEW@'
"""
_FUNCTIONS = r"""
gds.graph.project('eve', null, null)
gds.util.asNode(0)
apoc.cypher.runFirstColumnSingle('LOAD CSV FROM "http://127.0.0.1:@PORT@/x" AS r RETURN r', {})
apoc.cypher.runFirstColumnMany('CALL dbms.killConnections([x IN range(0, 99) | "bolt-" + x])', {})
apoc.cypher.runFirstColumnSingle('CALL apoc.export.csv.query("RETURN 1", "@NEW@", {})', {})
apoc.xml.parse('<a/>')
apoc.util.md5(['x'])
eve(1)
"""
_PLACES = r"""
RETURN @@
MATCH (n) RETURN @@
MATCH (n) WHERE @@ IS NULL RETURN n
RETURN [x IN [1] | @@]
RETURN [x IN [1] WHERE @@ = 1]
RETURN [1][..@@]
MATCH (n) RETURN [(n)--(m) WHERE @@ = m.id | m]
MATCH (n) RETURN n {.id, x: @@}
RETURN {a: @@}.a
RETURN reduce(a = 0, x IN [1] | @@)
RETURN all(x IN [1] WHERE @@ = x)
RETURN CASE WHEN true THEN @@ END
RETURN COUNT { MATCH (n) WHERE @@ = 1 }
RETURN COLLECT { RETURN @@ AS x }
MATCH (n) WHERE EXISTS { MATCH (m) WHERE m.id = @@ } RETURN n
CALL () { RETURN @@ AS x } RETURN x
UNWIND [1] AS x WITH @@ AS y ORDER BY y RETURN y
RETURN 1 AS x ORDER BY @@
RETURN 1 AS x SKIP @@
MATCH (n {id: @@}) RETURN n
MATCH (n:$(@@)) RETURN n
MATCH (a)((x)-->(y) WHERE @@ = 1){1,2}(b) RETURN a
MATCH (n) USING INDEX n:Consumer(id) WHERE n.id = @@ RETURN n
CALL db.index.fulltext.queryNodes('x', @@)
RETURN '\u005c\' + @@ + ''
RETURN \u0022 ' \u0022 + @@ + \u0022 ' \u0022
RETURN '\\u0027' + @@ + '\\u0027'
RETURN 1 /* \\u002a\u002f ' */ + @@ /* ' */
RETURN \u0022 ' \u0022 /* \\u002a\u002f ' */ + @@ /* ' */ + \u0022 ' \u0022
RETURN 1 // \u000a + @@
RETURN 1 // '\n + @@
RETURN `'` + @@ + `'`
RETURN -@@
PROFILE RETURN @@
EXPLAIN RETURN @@
"""
_INSIDE = r"""
CALL dbms.listConfig() YIELD name RETURN name
CALL dbms.killConnections([x IN range(0, 99) | 'bolt-' + x]) YIELD message RETURN message
CALL `dbms`.`killConnections`(['bolt-0', 'bolt-1', 'bolt-2']) YIELD message RETURN message
C\u0041LL dbms/* x */.\n listConnections() YIELD connectionId RETURN connectionId
CALL gds.graph.list() YIELD graphName RETURN graphName
CALL gds.graph.project('eve', '*', '*') YIELD graphName RETURN graphName
CALL apoc.load.json('http://127.0.0.1:@PORT@/x') YIELD value RETURN value
CALL apoc.load.json('@FILE@') YIELD value RETURN value
CALL apoc.export.csv.query('RETURN 1', '@NEW@', {}) YIELD file RETURN file
CALL apoc.cypher.run('CALL dbms.killConnections([x IN range(0, 99) | "bolt-" + x])', {}) YIELD value RETURN value
CALL apoc.cypher.runWrite('CREATE (n:Eve) RETURN n', {}) YIELD value RETURN value
CALL apoc.periodic.submit('eve', 'CREATE (:Eve)') YIELD name RETURN name
LOAD CSV FROM 'http://127.0.0.1:@PORT@/x' AS r RETURN r
LOAD /* x */ \u0043SV FROM 'file://@FILE@' AS r RETURN r
"""  # a plan shows nothing of a subquery inside an expression
_SUBQUERY_PLACES = r"""
RETURN [x IN [1] | COLLECT { @@ }]
UNWIND [x IN [1] | COUNT { @@ }] AS y RETURN y
RETURN reduce(a = 0, x IN [1] | COUNT { @@ })
RETURN all(x IN [1] WHERE EXISTS { @@ })
RETURN CASE WHEN true THEN COLLECT { @@ } END
RETURN 1 AS x ORDER BY {a: COLLECT { @@ }}.a
"""
_GIANTS = r"""
UNWIND range(1, 1000000000000) AS x RETURN x
UNWIND range(1, 1000000000000) AS x WITH x WHERE x < 0 RETURN count(x)
UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 100000) AS c RETURN count(*)
UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a * b AS x ORDER BY x RETURN x LIMIT 1
UNWIND range(1, 1000000000) AS x RETURN collect(x)
UNWIND range(1, 1000000000) AS x WITH DISTINCT x RETURN count(x)
MATCH (a), (b), (c), (d), (e), (f) RETURN a, b, c
MATCH (a), (b), (c), (d) WHERE a.id + b.id + c.id + d.id = 'x' RETURN count(*)
MATCH p = (a)-[*]-(b) RETURN count(p)
MATCH p = (a)-[*..40]-(b) RETURN p
MATCH (a)(()-[]-()){1,40}(b) RETURN count(*)
MATCH p = ALL SHORTEST (a)-[]-+(b) RETURN count(p)
MATCH p = SHORTEST 100000 (a)-[*]-(b) RETURN count(p)
RETURN size(reduce(s = 'x', i IN range(1, 40) | s + s))
RETURN reduce(s = 'x', i IN range(1, 27) | s + s)
RETURN reduce(s = [1], i IN range(1, 25) | s + s)
UNWIND range(1, 1000) AS i RETURN reduce(s = 'x', j IN range(1, 20) | s + s)
RETURN reduce(s = 0, i IN range(1, 1000000000) | s + i)
RETURN '@LONG@' =~ '(.*a){7}b'
PROFILE UNWIND range(1, 100000000) AS x RETURN x
UNWIND range(1, 1000000) AS x RETURN x, [y IN range(1, 1000) | y]
CALL () { UNWIND range(1, 1000000) AS x RETURN x UNION UNWIND range(1, 1000000) AS x RETURN x } RETURN count(x)
"""
_GREEDY = r"""
RETURN size(reduce(s = 'x', i IN range(1, 40) | s + s))
UNWIND range(1, 1000000000) AS x RETURN size(collect(x))
RETURN size([x IN range(1, 100000000) | [y IN range(1, 100) | y + x]])
UNWIND range(1, 1000000000) AS x WITH collect(toString(x)) AS l RETURN size(l)
UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH collect({a: a, b: b}) AS l RETURN size(l)
UNWIND range(1, 1000000000) AS x WITH DISTINCT x RETURN count(x)
UNWIND range(1, 1000000000) AS x WITH x ORDER BY -x RETURN count(x)
RETURN size([x IN range(1, 1000000000) | toString(x)])
WITH reduce(s = 'x', i IN range(1, 24) | s + s) AS s RETURN size([i IN range(1, 100000) | s + i])
WITH reduce(s = 'x', i IN range(1, 20) | s + s) AS s UNWIND range(1, 10000) AS i WITH collect(s + i) AS l RETURN size(l)
WITH reduce(s = 'x', i IN range(1, 27) | s + s) AS s RETURN size(split(s, ''))
WITH reduce(s = 'x', i IN range(1, 25) | s + s) AS s RETURN size(replace(s, 'x', s))
WITH reduce(s = 'x', i IN range(1, 28) | s + s) AS s RETURN size(toUpper(s) + reverse(s) + toLower(s) + trim(s) + s)
WITH range(1, 2000000000) AS l RETURN size([x IN l WHERE x > 0])
UNWIND range(1, 10000000) AS x WITH x % 10000 AS k, collect(x) AS a, collect(toString(x)) AS b RETURN count(*)
WITH reduce(m = {a: 1}, i IN range(1, 60) | {a: m, b: m}) AS m RETURN m
RETURN size($big + $big + $big + $big), [x IN range(1, 1000) | $big + x]
RETURN reduce(l = [], x IN range(1, 100000000) | l + [[x, x, x, x]])
UNWIND range(1, 100000000) AS x WITH collect(point({x: x, y: x})) AS l, count(*) AS n RETURN size(l)
RETURN size([x IN range(1, 100000000) | date({year: x % 9000})])
"""
_SQL_WRITES = r"""
INSERT INTO people (id) VALUES ('eve')
INSERT INTO ledger.people (id) VALUES ('eve')
INSERT OR REPLACE INTO ledger.main.brands VALUES (1, 'eve', 'Eve', 'x')
UPDATE people SET name = 'eve'
UPDATE ledger.people SET name = 'eve'
DELETE FROM people
DELETE FROM ledger.interactions
DELETE FROM ledger.archives
INSERT INTO ledger.ticks VALUES ('nightly@2026-01-01T00:00:00+00:00', 'r')
UPDATE ledger.states SET value = '{}'
TRUNCATE ledger.interactions
MERGE INTO ledger.people USING (SELECT 'eve' AS id) x USING (id) WHEN NOT MATCHED THEN INSERT
CREATE TABLE eve AS SELECT * FROM people
CREATE TABLE ledger.eve (x INT)
CREATE TEMP TABLE eve AS SELECT 1
CREATE OR REPLACE VIEW people AS SELECT 'eve' AS id
CREATE MACRO eve() AS 1
CREATE MACRO eve() AS TABLE SELECT * FROM read_text('@FILE@')
CREATE SCHEMA eve
CREATE SEQUENCE eve
CREATE TYPE eve AS ENUM ('a')
CREATE INDEX eve ON ledger.people (id)
CREATE SECRET (TYPE http)
ALTER TABLE ledger.people ADD COLUMN x INT
ALTER VIEW people RENAME TO eve
DROP VIEW people
DROP TABLE ledger.interactions
DROP TABLE IF EXISTS ledger.runs CASCADE
COMMENT ON TABLE ledger.people IS 'eve'
WITH x AS (DELETE FROM people RETURNING *) SELECT * FROM x
WITH x AS (DELETE FROM ledger.people RETURNING *) SELECT * FROM x
WITH x AS (INSERT INTO ledger.people (id) VALUES ('eve') RETURNING *) SELECT * FROM x
WITH x AS (UPDATE ledger.people SET name = 'eve' RETURNING *) SELECT * FROM x
WITH x AS (COPY people TO '@NEW@') SELECT 1
SELECT * FROM (DELETE FROM ledger.people RETURNING *)
SELECT (INSERT INTO ledger.people (id) VALUES ('eve') RETURNING id)
EXPLAIN DELETE FROM ledger.people
EXPLAIN ANALYZE DELETE FROM ledger.people
EXPLAIN ANALYZE CREATE TABLE eve AS SELECT 1
EXPLAIN ANALYZE COPY people TO '@NEW@'
PROFILE INSERT INTO ledger.people (id) VALUES ('eve')
"""
_SQL_FILES = r"""
COPY people TO '@NEW@'
COPY (SELECT 1) TO '@NEW@' (FORMAT parquet)
COPY people FROM '@FILE@'
COPY FROM DATABASE ledger TO memory
EXPORT DATABASE '@NEW@'
IMPORT DATABASE '@FILE@'
SELECT * FROM '@FILE@'
SELECT * FROM "@FILE@"
FROM '@FILE@'
SELECT * FROM read_csv('@FILE@')
SELECT * FROM read_csv_auto('@FILE@', header = false)
SELECT * FROM read_text('@FILE@')
SELECT content FROM read_blob('@FILE@')
SELECT * FROM read_json('@FILE@')
SELECT * FROM read_json_objects('@FILE@')
SELECT * FROM read_ndjson('@FILE@')
SELECT * FROM read_parquet('@FILE@')
SELECT * FROM parquet_scan(['@FILE@'])
SELECT * FROM parquet_metadata('@FILE@')
SELECT * FROM parquet_schema('@FILE@')
SELECT * FROM parquet_kv_metadata('@FILE@')
SELECT * FROM sniff_csv('@FILE@')
SELECT * FROM glob('/etc/*')
SELECT * FROM glob('@FILE@')
SELECT * FROM read_text('/etc/hostname')
SELECT * FROM read_text('file://@FILE@')
SELECT (SELECT content FROM read_text('@FILE@'))
SELECT * FROM people WHERE name IN (SELECT content FROM read_text('@FILE@'))
WITH x AS (SELECT * FROM read_text('@FILE@')) SELECT * FROM x
SELECT * FROM people, LATERAL (SELECT * FROM read_text('@FILE@'))
SELECT * FROM people UNION ALL SELECT content FROM read_text('@FILE@')
SELECT * FROM query('SELECT * FROM read_text(''@FILE@'')')
SELECT * FROM query_table('@FILE@')
SELECT * FROM query_table(['people'])
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''@FILE@'')'))
SELECT json_serialize_plan('SELECT * FROM read_text(''@FILE@'')')
PRAGMA json_execute_serialized_sql('x')
SELECT * FROM read_duckdb('@FILE@')
SELECT read_text('@FILE@')
SELECT '@FILE@'.read_text()
EXPLAIN ANALYZE SELECT * FROM read_text('@FILE@')
DESCRIBE SELECT * FROM read_text('@FILE@')
SUMMARIZE '@FILE@'
DESCRIBE TABLE '@FILE@'
PIVOT '@FILE@' ON column0
FROM people POSITIONAL JOIN read_text('@FILE@')
SELECT * FROM read_csv($url)
ATTACH '@FILE@' AS eve
ATTACH '@NEW@' AS eve
ATTACH ':memory:' AS eve
ATTACH IF NOT EXISTS '@FILE@' (TYPE sqlite)
DETACH ledger
USE ledger
SELECT * FROM sqlite_scan('@FILE@', 'x')
SELECT * FROM ducklake_snapshots('x')
"""
_SQL_SOCKETS = r"""
SELECT * FROM 'http://127.0.0.1:@PORT@/x.csv'
SELECT * FROM read_csv('http://127.0.0.1:@PORT@/x.csv')
SELECT * FROM read_parquet('http://127.0.0.1:@PORT@/x.parquet')
SELECT * FROM read_text('https://127.0.0.1:@PORT@/x')
SELECT * FROM read_json('s3://127.0.0.1:@PORT@/x')
ATTACH 'http://127.0.0.1:@PORT@/x.duckdb' AS eve
ATTACH 'postgres://127.0.0.1:@PORT@/x' AS eve (TYPE postgres)
INSTALL httpfs
INSTALL httpfs FROM 'http://127.0.0.1:@PORT@'
FORCE INSTALL spatial
LOAD httpfs
LOAD '@FILE@'
UPDATE EXTENSIONS
SELECT * FROM postgres_scan('host=127.0.0.1 port=@PORT@', 'public', 'x')
SELECT * FROM mysql_query('x', 'SELECT 1')
COPY people TO 'http://127.0.0.1:@PORT@/x.csv'
"""
_SQL_SESSION = r"""
SET memory_limit = '100GB'
SET enable_external_access = true
SET GLOBAL lock_configuration = false
SET VARIABLE x = 1
RESET memory_limit
PRAGMA memory_limit = '100GB'
PRAGMA database_list
PRAGMA enable_profiling
PRAGMA table_info('people')
CALL pragma_version()
CALL enable_logging()
CALL force_checkpoint('ledger')
CHECKPOINT ledger
VACUUM
ANALYZE
BEGIN
BEGIN TRANSACTION READ WRITE
COMMIT
ROLLBACK
PREPARE eve AS SELECT 1
EXECUTE eve
DEALLOCATE eve
SELECT * FROM enable_logging()
SELECT * FROM enable_profiling()
SELECT * FROM force_checkpoint()
SELECT * FROM checkpoint()
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_secrets()
SELECT * FROM duckdb_databases()
SELECT * FROM duckdb_extensions()
SELECT * FROM duckdb_functions()
SELECT * FROM duckdb_settings
SELECT * FROM pragma_database_list
SELECT * FROM pg_catalog.pg_tables
SELECT * FROM information_schema.tables
SELECT * FROM sqlite_master
SELECT * FROM ledger.meta
SELECT * FROM ledger.main.leases
SELECT * FROM memory.main.people
SHOW ALL TABLES
SHOW DATABASES
DESCRIBE
SELECT current_setting('home_directory')
SELECT getenv('HOME')
SELECT write_log('eve')
SELECT nextval('eve')
SELECT sleep_ms(100000)
SELECT pg_sleep(100)
SELECT getvariable('eve')
SELECT * FROM arrow_scan(1, 2, 3)
SELECT * FROM pandas_scan(1)
SELECT * FROM python_map_function(1)
SELECT * FROM seq_scan('people')
SELECT * FROM test_all_types()
SELECT 1; DROP TABLE ledger.people
SELECT 1; SELECT 2
/* SELECT */ DROP /* x */ VIEW people
-- SELECT 1
SELECT 1 -- ; \n DELETE FROM ledger.people
"""
_SQL_GIANTS = r"""
SELECT * FROM range(1000000000000)
SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range = -1
SELECT * FROM people a, people b, people c, people d, people e, people f
SELECT repeat('x', 1000000000)
SELECT repeat('x', 100000000)
SELECT repeat(repeat('x', 100000000), 100)
SELECT list(range) FROM range(1000000000)
SELECT list_sum(range(4000000000))
SELECT string_agg(repeat('x', 1000), '') FROM range(100000000)
SELECT levenshtein(repeat('a', 400000), repeat('b', 400000))
SELECT range, repeat('x', 1000000) FROM range(1000)
SELECT DISTINCT random() FROM range(1000000000)
SELECT * FROM range(1000000000) ORDER BY random()
WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*) FROM t
WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i FROM t, range(10)) SELECT count(*) FROM t
SELECT list_transform(range(100000), lambda x: list_sum(list_transform(range(100000), lambda y: x * y)))
SELECT regexp_replace(repeat('a', 100000000), '(a|aa)+', 'b', 'g')
EXPLAIN ANALYZE SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range = -1
SELECT @DEEP@1
"""


def _lines(*groups: str) -> list[str]:
    return [line for group in groups for line in group.strip().splitlines()]


def _everywhere(functions: list[str], places: list[str]) -> list[str]:
    """Return each function at one place, the first two at each."""
    ahead = [place.replace("@@", function) for place in places for function in functions[:2]]
    return list(dict.fromkeys(ahead + [places[0].replace("@@", function) for function in functions]))


def _spellings(call: str) -> list[str]:
    """Return a *call* in spellings that a server may take for the same."""
    name, arguments = call.split("(", 1)
    first, *rest = name.split(".")
    return [
        f"{' . '.join((first, *rest))} ({arguments}",
        f"{'/**/./**/'.join((first, *rest))}/* ( */({arguments}",
        f"{'//'.join((first, *rest))}".replace("//", "// x\\n.") + f"// '\\n({arguments}",
        ".".join(f"`{part}`" for part in (first, *rest)) + f"({arguments}",
        f"`{name}`({arguments}",
        f"{first}.`{'.'.join(rest)}`({arguments}",
        f"{name.upper()}({arguments}",
        f"\\u{ord(name[0]):04x}{name[1:]}({arguments}",
        name.replace(".", "\\u002e") + f"({arguments}",
        f"{name}\\u0028{arguments}",
        f"{name}\u00a0\u2003\u3000({arguments}",
        f"{name}\u200b({arguments}",
        name.replace("a", "\u0430") + f"({arguments}",
        f"{name}\u0301({arguments}",
        f"{name}\x85count({arguments}",
        f"{name}$({arguments}",
    ]


_CALLS = _lines(_FUNCTIONS)
PLUGINS = [
    *_everywhere(_CALLS, _lines(_PLACES)),
    *(f"RETURN {spelt}" for call in (_CALLS[0], _CALLS[2], _CALLS[3]) for spelt in _spellings(call)),
    *(place.replace("@@", inside) for place in _lines(_SUBQUERY_PLACES) for inside in _lines(_INSIDE)),
]
CYPHER = [*PLUGINS, *_lines(_WRITES, _SUBQUERIES, _SCHEMA, _ADMINISTRATION, _PROCEDURES, _OUTSIDE, _ESCAPES)]
CYPHER_GIANTS = _lines(_GIANTS)
CYPHER_GREEDY = _lines(_GREEDY)
SQL = _lines(_SQL_WRITES, _SQL_FILES, _SQL_SOCKETS, _SQL_SESSION)
SQL_GIANTS = _lines(_SQL_GIANTS)
CYPHER_READS = _lines(
    r"""
RETURN 1
RETURN 1;
MATCH (n) RETURN count(n)
MATCH (c:Consumer {id: 'ann'}) RETURN c
MATCH (c:Consumer) WHERE c.id STARTS WITH 'a' RETURN c.id ORDER BY c.id LIMIT 3
MATCH (a:Consumer)-[:FOLLOWS*1..3]->(b) RETURN DISTINCT b.id
MATCH p = shortestPath((a:Consumer {id: 'ann'})-[*..5]-(b:Consumer {id: 'bob'})) RETURN p
MATCH p = ANY SHORTEST (a:Consumer {id: 'ann'})-[:FOLLOWS]->+(b) RETURN length(p)
MATCH (a:Consumer) OPTIONAL MATCH (a)-[r:INTERACTED]->(b:Brand) RETURN a.id, collect(b.id)
MATCH (a:Consumer) WHERE EXISTS { (a)-[:FOLLOWS]->() } RETURN a.id
MATCH (a:Consumer) WHERE NOT (a)-[:FOLLOWS]->() RETURN a.id
MATCH (a:Consumer) RETURN a.id, COUNT { (a)-->() } AS degree
MATCH (a:Consumer) RETURN COLLECT { MATCH (a)-->(b) RETURN b.id } AS others
MATCH (a)-[r:INTERACTED {eventId: 'e1'}]->(b) RETURN r
MATCH (a:Consumer|Brand) RETURN labels(a), count(*)
UNWIND range(1, 3) AS x RETURN x, x * x AS square UNION ALL RETURN 0 AS x, 0 AS square
MATCH (a:Consumer) CALL (a) { MATCH (a)--(b) RETURN count(b) AS n } RETURN a.id, n
MATCH (a)((x)-[:FOLLOWS]->(y)){1,3}(b) RETURN count(*)
MATCH (n) WITH n SKIP 1 LIMIT 1 RETURN [x IN range(1, 3) WHERE x > 1 | x]
RETURN 'CREATE (n) DELETE n; LOAD CSV' AS text, "apoc.load.csv('x')" AS other
RETURN date.truncate('month', date('2026-02-03')) AS month, duration.between(date('2026-01-01'), date()) AS span
RETURN datetime({epochMillis: 0}) AS t, point.distance(point({x: 1, y: 1}), point({x: 2, y: 2})) AS d
MATCH (n) RETURN n.use AS use, n {.id, .name} AS `create` LIMIT 1
MATCH (use:Consumer) RETURN use LIMIT 1
// only a comment first
EXPLAIN MATCH (n) RETURN n
PROFILE MATCH (n) RETURN count(n)
EXPLAIN CREATE (n)
SHOW INDEXES
SHOW INDEXES YIELD name, type WHERE type = 'RANGE' RETURN count(*) AS n
SHOW CONSTRAINTS
SHOW PROCEDURES
SHOW FUNCTIONS YIELD name RETURN count(name)
CALL db.labels() YIELD label RETURN label
CALL db.relationshipTypes()
CALL db.schema.nodeTypeProperties()
MATCH (a:Consumer) WHERE a.id =~ '(?i)A.*' RETURN reduce(n = 0, x IN [1, 2] | n + x) AS n
MATCH (c:Consumer) USING INDEX c:Consumer(id) WHERE c.id = 'ann' RETURN c.id AS call
MATCH (c:Consumer) USING INDEX SEEK c:Consumer(id) WHERE c.id IN (['ann']) AND (c.id) = 'ann' RETURN NOT (false)
MATCH (c:(Consumer|Brand)&!Eve) WHERE (c)--() XOR (false) RETURN DISTINCT (c.id) ORDER BY (c.id) SKIP (0) LIMIT (3)
MATCH p = ALL SHORTEST (a:Consumer {id: 'ann'})-[:FOLLOWS]->+(b) RETURN [x IN nodes(p)[1..size(nodes(p))] | x.id]
MATCH p = SHORTEST 2 PATHS (a:Consumer {id: 'ann'})–[:FOLLOWS]–⟩(b) RETURN count(p)
MATCH p = SHORTEST 2 GROUPS (a:Consumer {id: 'ann'})-[:FOLLOWS]-+(b) RETURN count(p)
MATCH (n:$(['Consumer'])) RETURN CASE n.id WHEN ('ann') THEN (1) ELSE (2) END AS x, valueType(n.id), `elementId`(n)
WITH {call: 1} AS n WITH n.call AS call WHERE call IN ([1]) RETURN call AS `apoc.load.json('x')`
RETURN trim(BOTH ' ' FROM (' x ')) AS x, normalize('é', NFC), count(*), PI(), percentileCont(1, 0.5), rand() < 2
RETURN '\u00e9' STARTS WITH ('\u0065') AS x, [y IN (range(1, 3)) | y ^ (2)], 'a' ENDS WITH ('a'), 'a' CONTAINS ('b')
MATCH (c:Consumer) RETURN c { .*, n: COUNT { (c)--() }, others: [(c)-->(d) WHERE (d.id > 'b') | d.id] } LIMIT 2
""".replace("// only a comment first\n", "// only a comment first\\nMATCH (n) RETURN n.explain LIMIT 1\n")
)
SQL_READS = _lines(r"""
SELECT 1
SELECT 1;
SELECT count(*) FROM people
FROM brands
TABLE brands
VALUES (1, 'a'), (2, 'b')
SELECT id, name FROM people WHERE id LIKE 'a%' ORDER BY id LIMIT 3
SELECT consumer, count(*) AS n FROM interactions GROUP BY consumer HAVING n > 0 ORDER BY n DESC
SELECT kind, count(*) FROM interactions GROUP BY ALL ORDER BY ALL
SELECT p.name, t.target FROM people p JOIN ties t ON t.source = p.id
SELECT * FROM people LEFT JOIN bonds ON bonds.consumer = people.id
SELECT * EXCLUDE (name) FROM people
SELECT max("at") - min("at") AS span FROM interactions
SELECT date_trunc('month', "at") AS month, count(*) FROM interactions GROUP BY 1
SELECT consumer, row_number() OVER (PARTITION BY brand ORDER BY "at") FROM interactions
WITH busy AS (SELECT consumer FROM interactions) SELECT count(*) FROM busy
WITH RECURSIVE r(id) AS (SELECT 'ann' UNION SELECT target FROM ties JOIN r ON source = r.id) SELECT * FROM r
SELECT * FROM people WHERE id IN (SELECT consumer FROM interactions)
SELECT id FROM people UNION SELECT id FROM brands
SELECT id FROM people EXCEPT SELECT consumer FROM interactions
SELECT unnest(string_split(with_brands, '|')) FROM interactions
SELECT list_transform([1, 2], lambda x: x + 1) AS more
SELECT range FROM range(3)
SELECT regexp_matches(name, '(?i)a.*') FROM people
PIVOT interactions ON direction IN ('to_brand', 'to_consumer') USING count(*) GROUP BY consumer
SELECT 'DROP TABLE people; COPY x TO y' AS text
SELECT * FROM ranks WHERE kind = 'rank' ORDER BY score DESC
SELECT * FROM influences
SELECT * FROM seeds
SELECT id, kind, status FROM runs
SELECT * FROM sales JOIN campaigns USING (brand)
SHOW TABLES
DESCRIBE people
SUMMARIZE interactions
EXPLAIN SELECT * FROM people
PROFILE SELECT * FROM people
/* a comment */ SELECT 1 -- and another
""")
