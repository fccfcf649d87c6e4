"""Ask every question of the catalogue four ways: rows compared, and differences, which must be 0.

The ways are `ig.ask` on the embedded store and on Neo4j, the command `query`, and the text over HTTP. ``--data town``
is generated; ``airline`` and ``cdnow`` are read from the folder of public data sets, by default ``../shared/data`` or
INFLUENCE_GRAPH_TEST_DATA. ``--data big`` is a town of ``--people``, by default 100,000 with 10^6 interactions: each
question is asked once and timed, with what its plan starts from. NEO4J_URI names the server, else one is started; its
database is emptied, unless it holds the very records. Also printed: how long scores took to write, and to write again
where nothing had changed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import measuring

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.stores.embedded.store import EmbeddedStore
    from influence_graph.stores.neo4j.store import Neo4jStore

ROOT = Path(__file__).resolve().parents[1]
FILES = {"town": None, "airline": "airline_tweets/tweets.csv", "cdnow": "cdnow/CDNOW_master.txt", "big": None}
BIG = 100_000
INDEXED = ("IndexSeek", "IndexScan", "IndexContainsScan", "IndexEndsWithScan")
"""Ends of the names of operators that read an index."""


def stores(data: str, people: int, uri: str, folder: Path) -> tuple[EmbeddedStore, Neo4jStore]:
    """Return both stores with the same records and with everything kept that questions read."""
    from influence_graph.app.ingest import import_dataset
    from influence_graph.app.transfer import copy
    from influence_graph.ingest.importers import IMPORTERS, ImportOptions
    from influence_graph.stores.embedded.store import EmbeddedStore
    from influence_graph.stores.neo4j.store import Neo4jStore
    from tests.cypher.answers import kept
    from tests.public_data import BESIDE_THE_PROJECT, FOLDER

    own, server = EmbeddedStore(folder / data), Neo4jStore(uri, cache=folder / f"mirror-{data}")
    given = FILES[data] and Path(os.environ.get(FOLDER) or BESIDE_THE_PROJECT) / FILES[data]
    generated = given is None
    import_dataset(
        own, IMPORTERS["town" if generated else data], given, ImportOptions(people=people if generated else None)
    )
    if server.counts() != own.counts():
        measuring.empty(uri)
        copy(own, server)
    for store in (own, server):
        if not any(run.kind == "score" and run.status == "finished" for run in store.runs()):
            kept(store)
    return own, server


def compare(own: EmbeddedStore, server: Neo4jStore) -> measuring.Figures:
    """Return how many rows of each question were compared four ways, and how many differences there were."""
    from influence_graph.app.views.ask import ask
    from tests.cypher.answers import cases, compared, differences

    figures: dict[str, dict[str, Any]] = {}
    for name, given in cases(own):
        count, wrong = compared(own, server, name, given)
        printed = differences(by_command(server, name, given), ask(server, name, given).frame)
        wrong += [f"command: {line}" for line in printed]
        row = figures.setdefault(name, {"asked": 0, "rows": 0, "differences": 0})
        for column, more in (("asked", 1), ("rows", count), ("differences", len(wrong))):
            row[column] += more
        for line in wrong[:3]:
            print(f"{name} {given}: {line}", file=sys.stderr)
    columns = ("asked", "rows", "differences")
    return figures | {"all": {column: sum(row[column] for row in figures.values()) for column in columns}}


def by_command(server: Neo4jStore, name: str, given: dict[str, Any]) -> pd.DataFrame:
    """Return the rows that the command `query` prints."""
    import pandas as pd
    from click.testing import CliRunner

    from influence_graph.app.views.ask import _typed
    from influence_graph.cli.main import main
    from influence_graph.explore.catalogue import question
    from tests.cypher.answers import from_json

    parameters = [part for key, value in given.items() for part in ("--param", f"{key}={value}")]
    asked = ["query", name, *parameters, "--store", server.url, "--format", "jsonl"]
    printed = CliRunner().invoke(main, asked, catch_exceptions=False).stdout
    columns = question(name).columns
    rows = [json.loads(line) for line in printed.splitlines()]
    return _typed(from_json(pd.DataFrame(rows, columns=[each.name for each in columns]), columns), columns)


def timed(own: EmbeddedStore, server: Neo4jStore) -> measuring.Figures:
    """Return how long each question takes on both stores, the rows, and where its plan starts, the slowest first."""
    from influence_graph.app.views.ask import ask
    from influence_graph.errors import StoreError
    from influence_graph.explore.catalogue import question
    from influence_graph.stores.base import QUERY_SECONDS
    from tests.cypher.answers import cases, differences

    figures: dict[str, dict[str, Any]] = {}
    for name, given in cases(own, 1):
        if name in figures:
            continue
        leaves = sorted(set(_leaves(server, question(name).text, question(name).bind(given))))
        start = {
            "index": "yes" if all(leaf.endswith(INDEXED) or leaf == "Argument" for leaf in leaves) else "NO",
            "starts from": ", ".join(leaf for leaf in leaves if leaf != "Argument"),
        }
        try:
            ask(server, name, given)  # warms the page cache, as a server that runs has it
        except StoreError as error:
            figures[name] = {"Neo4j s": QUERY_SECONDS, **start}
            print(name, given, error, file=sys.stderr, flush=True)
            continue
        there, seconds = _timed(lambda: ask(server, name, given))  # noqa: B023 - called at once
        here, own_seconds = _timed(lambda: ask(own, name, given))  # noqa: B023
        figures[name] = {
            "rows": len(there.frame),
            "differences": len(differences(here.frame, there.frame)),
            "Neo4j s": round(seconds, 2),
            "embedded s": round(own_seconds, 2),
            **start,
        }
        print(name, given, figures[name], file=sys.stderr, flush=True)
    return dict(sorted(figures.items(), key=lambda item: -item[1]["Neo4j s"]))


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def _leaves(server: Neo4jStore, text: str, values: dict[str, Any]) -> list[str]:
    """Return the operators with which the plan of *text* begins."""
    import neo4j

    with server._database.session(neo4j.READ_ACCESS) as session:
        plan = session.run(f"EXPLAIN {text}", values).consume().plan
    found, ahead = [], [plan]
    while ahead:
        step = ahead.pop()
        children = step.get("children") or []
        ahead += children
        if not children:
            found.append(step["operatorType"].partition("@")[0])
    return found


def writing(server: Neo4jStore) -> measuring.Figures:
    """Return how long scores take to write where all points are new, and where none is."""
    from tests.cypher.answers import scored

    measuring.execute(
        server.url, "MATCH ()-[e:INTERACTED|RESPONDED]->() CALL (e) { REMOVE e.appliedPoints } IN TRANSACTIONS"
    )
    figures = {}
    for when in ("all points new", "nothing new"):
        seconds = _timed(lambda: scored(server))[1]
        figures[when] = {"events": server.counts()["interactions"], "seconds": round(seconds, 1)}
    return figures


def main() -> None:
    options = measuring.parser(__doc__)
    options.add_argument("--data", choices=FILES, action="append", help="data sets; default all but big")
    options.add_argument("--people", type=int, help=f"size of the town (default 500) or of big ({BIG})")
    options.add_argument("--folder", type=Path, help="keep the embedded stores and mirrors here")
    arguments = options.parse_args()
    sys.path.insert(0, str(ROOT))
    sections: dict[str, measuring.Figures] = {}
    with tempfile.TemporaryDirectory() as made, measuring.server(Path(made)) as uri:
        for data in arguments.data or [name for name in FILES if name != "big"]:
            people = arguments.people or (BIG if data == "big" else 500)
            own, server = stores(data, people, uri, arguments.folder or Path(made))
            with server:
                sections[data] = timed(own, server) if data == "big" else compare(own, server)
                if data != "big":
                    sections[f"{data}: score --write"] = writing(server)
    measuring.report(sections, arguments)
    if any(row.get("differences") for figures in sections.values() for row in figures.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
