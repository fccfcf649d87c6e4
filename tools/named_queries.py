"""Compare every named query on Neo4j with the library's own answer: rows compared, and differences, which must be 0.

``--data town`` is generated; ``airline`` and ``cdnow`` are read from the folder of public data sets, by default
``../shared/data`` or INFLUENCE_GRAPH_TEST_DATA. NEO4J_URI names the server, else one is started; its database is
emptied. Also printed: how long scores took to write, and to write again where nothing had changed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import measuring

ROOT = Path(__file__).resolve().parents[1]
FILES = {"town": None, "airline": "airline_tweets/tweets.csv", "cdnow": "cdnow/CDNOW_master.txt"}


def compare(data: str, people: int, uri: str, folder: Path) -> tuple[measuring.Figures, measuring.Figures]:
    """Return the figures of each named query, and those of writing scores."""
    from influence_graph.app.ingest import import_dataset
    from influence_graph.app.transfer import copy
    from influence_graph.explore.catalogue import question as load
    from influence_graph.ingest.importers import IMPORTERS, ImportOptions
    from influence_graph.stores.embedded.store import EmbeddedStore
    from influence_graph.stores.neo4j.store import Neo4jStore
    from tests.cypher.answers import Library, cases, differences, kept, scored
    from tests.public_data import BESIDE_THE_PROJECT, FOLDER

    own, server = EmbeddedStore(folder / data), Neo4jStore(uri, cache=folder / f"mirror-{data}")
    given = FILES[data] and Path(os.environ.get(FOLDER) or BESIDE_THE_PROJECT) / FILES[data]
    import_dataset(own, IMPORTERS[data], given, ImportOptions(people=people if data == "town" else None))
    measuring.empty(uri)
    copy(own, server)
    kept(own)
    kept(server)
    library = Library(own)
    figures: dict[str, dict[str, Any]] = {}
    for name, parameters in cases(library):
        found = server.query(load(name).text, parameters)
        wrong = differences(found.columns, found.rows, library.answer(name, **parameters))
        row = figures.setdefault(name, {"questions": 0, "rows": 0, "differences": 0})
        row["questions"] += 1
        row["rows"] += len(found.rows)
        row["differences"] += len(wrong)
        for line in wrong[:3]:
            print(f"{name} {parameters}: {line}", file=sys.stderr)
    events = len(library.history)
    measuring.execute(uri, "MATCH ()-[e:INTERACTED|RESPONDED]->() CALL (e) { REMOVE e.appliedPoints } IN TRANSACTIONS")
    seconds = {}
    for when in ("all points new", "nothing new"):
        start = time.perf_counter()
        scored(server)
        seconds[when] = {"events": events, "seconds": round(time.perf_counter() - start, 1)}
    server.close()
    return figures, seconds


def main() -> None:
    options = measuring.parser(__doc__)
    options.add_argument("--data", choices=FILES, action="append", help="data sets; default all")
    options.add_argument("--people", type=int, default=500, help="size of the town (default 500)")
    arguments = options.parse_args()
    sys.path.insert(0, str(ROOT))
    sections: dict[str, measuring.Figures] = {}
    with tempfile.TemporaryDirectory() as folder, measuring.server(Path(folder)) as uri:
        for data in arguments.data or FILES:
            sections[data], sections[f"{data}: score --write"] = compare(data, arguments.people, uri, Path(folder))
    measuring.report(sections, arguments)
    if any(row.get("differences") for figures in sections.values() for row in figures.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
