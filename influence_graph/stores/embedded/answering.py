"""The process that answers one query on an embedded store: ``python -m influence_graph.stores.embedded.answering``.

A query can occupy a thread in a way that nothing but the end of its process stops, so it gets a process of its own
(``asking.py`` starts and ends it). Before the query is looked at, this process gives up what a query has no use for:
opening any file or connection, writing to one, memory and processor time beyond its share. The operating system
enforces that, whatever DuckDB does.

Standard input is an Arrow stream of one row, the parameters, with the request in the metadata of its schema; standard
output is the answer as an Arrow stream, standard error one line of JSON with ``error``, ``message``, ``remedy``.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from influence_graph.errors import InputError
from influence_graph.stores.embedded.damage import damaged, named_damage
from influence_graph.stores.embedded.guard import checked
from influence_graph.text import one_line

REQUEST, PLAN = b"request", b"plan"
_MEMORY = 1 << 30
_SETTINGS = {
    "temp_directory": "''",
    "memory_limit": f"'{_MEMORY >> 20}MiB'",
    "TimeZone": "'UTC'",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_BATCH_ROWS = 1024
_IN_SQL = 'ask in SQL (DuckDB\'s), such as SELECT kind, max("at") FROM interactions GROUP BY ALL; see SHOW TABLES'


def main() -> int:
    """Answer the query of standard input; return the exit status."""
    asked = pa.ipc.open_stream(sys.stdin.buffer).read_all()
    request = json.loads(asked.schema.metadata[REQUEST])
    try:
        _answer(request, {name: asked[name][0].as_py() for name in asked.column_names})
    except InputError as error:
        return _failed("InputError", error.message, error.remedy)
    except RecursionError:
        return _failed("InputError", "the query is nested too deep", "ask for less at once")
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        return _failed("StoreError", f"the query needs more memory than it has: {error}", "ask for less")
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
        return _failed("StoreError", str(error), _IN_SQL)
    except duckdb.Error as error:
        return _refused(Path(request["path"]), error)
    return 0


def _refused(path: Path, error: duckdb.Error) -> int:
    cause = named_damage(error)
    if not cause:
        return _failed("StoreError", str(error), "correct the query or its parameters")
    told = damaged(path, cause)
    return _failed("StoreDamaged", told.message, told.remedy)


def _failed(kind: str, message: str, remedy: str) -> int:
    said = " ".join(message.partition("\n\nLINE ")[0].split())
    sys.stderr.write(json.dumps({"error": kind, "message": one_line(said), "remedy": remedy}))
    return 1


def _answer(request: dict[str, Any], parameters: dict[str, Any]) -> None:
    connection = duckdb.connect()
    path, ledger = request["path"].replace("'", "''"), request["ledger"]
    connection.execute(f"ATTACH '{path}' AS {ledger} (READ_ONLY)")
    for name, select in request["views"].items():
        connection.execute(f"CREATE VIEW {name} AS {select}")
    for name, value in _SETTINGS.items():
        connection.execute(f"SET {name} = {value}")
    _warm_up(connection)
    _confine(request["seconds"])
    statement, is_plan = checked(connection, request["text"], list(request["views"]))
    answer = connection.sql(statement, params=parameters or None)
    reader = answer.to_arrow_reader(_BATCH_ROWS)
    schema = reader.schema.with_metadata({PLAN: str(int(is_plan)).encode()})
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as sink:
        for batch in reader:
            sink.write_batch(pa.record_batch(batch.columns, schema=schema))


def _warm_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Use once what imports modules when it is first used: later nothing can be opened."""
    values = {"a": [1], "b": {"c": datetime.now(UTC)}, "d": 0.5, "e": datetime.now(UTC).date()}
    connection.sql("SELECT $a, $b, $d, $e, now()", params=values).to_arrow_reader(1).read_all()


def _confine(seconds: float) -> None:
    """Give up files, connections, and memory and processor time beyond what a query may take."""
    processor = int(seconds + 10) * (os.cpu_count() or 1)
    for limit, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_DATA, 3 * _MEMORY),
        (resource.RLIMIT_CPU, processor),  # ends this process where the one that started it is gone
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    sys.exit(main())
