"""Every command that opens a store, on a network that fails: it ends soon after its deadline, with the true cause.

DEADLINE_TABLE=1 tries all commands against all faults and prints the table (with -s): a quarter of an hour.
"""

from __future__ import annotations

import itertools
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from click.testing import CliRunner

from influence_graph.app.ingest import import_dataset
from influence_graph.app.transfer import copy
from influence_graph.cli.main import main
from influence_graph.cli.options import StoreType
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.driver import connection_to
from influence_graph.stores.neo4j.home import home_at
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.cli.forks import Done, Job
from tests.conftest import WIPE
from tests.stores.proxy import BLACK_HOLE, DRIP, FAULTS, RESET, STALL, TRUNCATE, Proxy

pytestmark = pytest.mark.neo4j

WHOLE = os.environ.get("DEADLINE_TABLE") == "1"
SECONDS, GRACE = 3, 5
SIDE_BY_SIDE = 12
CONNECTED, LATER = 900, 2_500
"""Bytes that a server has sent when we have signed in, and when it has told of its ledger."""

COMMANDS = {
    "demo": "demo --people 10 --store {url} -o page.html",
    "ingest": "ingest people.csv --store {url}",
    "import": "import story --store {url}",
    "copresence": "copresence visits.csv --write --store {url}",
    "rank": "rank --store {url}",
    "rank --write": "rank --write --store {url}",
    "rank --engine gds": "rank --engine gds --store {url}",
    "reach": "reach singer --store {url} --probabilities 0.1",
    "seeds": "seeds -k 2 --store {url} --probabilities 0.1",
    "influencers": "influencers --store {url}",
    "influencer": "influencer singer --store {url}",
    "lift campaign": "lift campaign concert --store {url}",
    "lift all": "lift all --store {url}",
    "lift plan": "lift plan --brand sweater --store {url}",
    "lift calibrate": "lift calibrate --store {url}",
    "learn": "learn --store {url}",
    "score": "score --store {url}",
    "score --write": "score --write --store {url}",
    "explain": "explain singer sweater --store {url}",
    "brand": "brand sweater --store {url}",
    "brands": "brands --store {url}",
    "person": "person singer --store {url}",
    "neighbors": "neighbors singer --store {url}",
    "path": "path singer sweater --store {url}",
    "shared": "shared singer annie --store {url}",
    "query": "query brand-bonds --param brand=sweater --store {url}",
    "query MATCH": "query 'MATCH (n) RETURN n' --store {url}",
    "query UNWIND": "query 'UNWIND range(1, 90000) AS x RETURN x' --store {url}",
    "query --access-mode write": "query 'CREATE (o:Other) DELETE o' --access-mode write --store {url}",
    "shell": "shell --store {url}",
    "report": "report --store {url} -o page.html",
    "touchpoints show": "touchpoints show --store {url}",
    "touchpoints diff": "touchpoints diff --store {url}",
    "touchpoints set": "touchpoints set wear valence=-1 --store {url}",
    "touchpoints reset": "touchpoints reset --store {url}",
    "policy diff": "policy diff default none --store {url}",
    "policy fit": "policy fit --store {url}",
    "recompute": "recompute --store {url}",
    "schedule status": "schedule status --store {url}",
    "schedule install": "schedule install --every 15m --store {url}",
    "alerts check": "alerts check --store {url}",
    "alerts list": "alerts list --store {url}",
    "alerts test": "alerts test --store {url}",
    "runs": "runs --store {url}",
    "runs show": "runs show latest --store {url}",
    "runs diff": "runs diff --store {url}",
    "runs prune": "runs prune --keep 3 --store {url}",
    "sources": "sources --store {url}",
    "pseudonym": "pseudonym singer --store {url}",
    "forget": "forget singer --yes --key-file key --store {url}",
    "push": "push {url} --store copy",
    "push --store": "push elsewhere --store {url}",
    "pull": "pull {url} --store elsewhere",
    "pull --store": "pull copy --store {url}",
    "export": "export people --store {url} -o people.csv",
    "export graph": "export --store {url} -o graph.graphml",
    "migrate": "migrate --store {url}",
    "browser": "browser --store {url} --browser {browser} --no-open --port 0",
    "browser, pages": "browser --store {server} --browser {browser} --no-open --port 0",
    "doctor": "doctor --store {url}",
    "completion": "person --store {url} s",
}
STDIN = {"shell": "MATCH (n) RETURN count(n) AS n;\nbrand-bonds brand=sweater\n"}
OTHERWISE = {
    "policy diff": 1, "rank --engine gds": 1, "runs diff": 1, "schedule status": 1, "pseudonym": 2,
    "recompute": 5, "forget": 5,
}  # fmt: skip
"""Exit codes without a fault, where they are not 0: no such run, no such plugin, nobody who runs, no key, and a lease
that a command beside it holds on the same server."""
NOT_TRIED = {"neo4j up", "schedule run"}
"""What starts a server, and what waits for that lease to run out."""
SHORT = ("ingest", "rank --write", "query UNWIND", "shell", "report", "push --store", "browser, pages", "doctor")
TRIALS = {
    BLACK_HOLE: (0,),
    STALL: (CONNECTED, LATER),
    DRIP: (0, CONNECTED),
    RESET: (CONNECTED, LATER),
    TRUNCATE: (CONNECTED, LATER),
}


@dataclass(frozen=True)
class Town:
    """A server that holds a town with results, a folder with the same, and who may sign in."""

    url: str
    browser: str
    folder: Path
    signed: dict[str, str]


@pytest.fixture(scope="module")
def town(neo4j_url: str, tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("town")
    with (
        EmbeddedStore(folder / "store") as local,
        Neo4jStore(neo4j_url, cache=folder / "mirror") as server,
    ):
        import_dataset(local, IMPORTERS["town"], None, ImportOptions(people=60))
        server.database.execute(WIPE)
        copy(local, server)
        for work in ("rank --write", "score --write", "seeds -k 2 --write --probabilities 0.1"):
            assert CliRunner().invoke(main, [*work.split(), "--store", neo4j_url]).exit_code == 0
    parts = urlsplit(neo4j_url)
    connection, home = connection_to(neo4j_url), home_at(parts.port or 7687)
    state = home and home.read_state()
    browser = f"http://127.0.0.1:{state.http_port if state else 7474}"
    signed = {"NEO4J_USERNAME": connection.username, "NEO4J_PASSWORD": connection.password}
    return Town(neo4j_url, browser, folder / "store", signed)


def stores_of(command: click.Command, path: str = "") -> Iterator[str]:
    """Yield the names of *command* and of those below it that take a store."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from stores_of(below, f"{path} {name}".strip())
    elif any(isinstance(parameter.type, StoreType) for parameter in command.params):
        yield path


def run_jobs(jobs: list[Job]) -> list[Done]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.forks", str(SIDE_BY_SIDE), str(SECONDS + 30)],
        input="".join(json.dumps(asdict(job)) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Done(**json.loads(line)) for line in done.stdout.splitlines()]


def job(name: str, trial: str, proxies: tuple[Proxy, Proxy], town: Town, tmp_path: Path) -> Job:
    """Return the job of the command *name*, with a copy of the folder and no mirror yet."""
    bolt, http = proxies
    folder = tmp_path / f"{trial} {name}".replace("/", "")
    shutil.copytree(town.folder, folder / "copy")
    (folder / "people.csv").write_text("id,name\n" + "".join(f"new{number},N\n" for number in range(900)))
    visits = "".join(f"{person},bar,2026-05-01\n" for person in ("singer", "annie", "new"))
    (folder / "visits.csv").write_text(f"person,place,time\n{visits}")
    words = shlex.split(COMMANDS[name].format(url=bolt.url, server=town.url, browser=http.url))
    environment = town.signed | {"XDG_CACHE_HOME": str(folder / "cache")}
    if name == "completion":
        environment["_INFLUENCE_GRAPH_COMPLETE"] = "bash_complete"
        environment |= {"COMP_WORDS": " ".join(["influence-graph", *words]), "COMP_CWORD": str(len(words))}
        words = []
    else:
        words += ["--timeout", f"{SECONDS}s"]
    return Job(f"{trial}: {name}", words, str(folder), STDIN.get(name, ""), environment)


def test_the_table_has_every_command_that_takes_a_store() -> None:
    known = {" ".join(words_of(name)) for name in COMMANDS}
    assert set(stores_of(main)) - NOT_TRIED <= known


def words_of(name: str) -> Iterator[str]:
    words = name.partition(",")[0].split()
    return itertools.takewhile(lambda word: not word.startswith("-") and not word.isupper(), words)


@pytest.mark.parametrize("faults", [(fault,) for fault in FAULTS] if WHOLE else [FAULTS], ids=" ".join)
def test_every_command_ends_soon_after_its_deadline(faults: Sequence[str], town: Town, tmp_path: Path) -> None:
    jobs = []
    with ExitStack() as stack:
        for fault, after in ((each, after) for each in faults for after in TRIALS[each][0 if WHOLE else -1 :]):
            proxies = tuple(stack.enter_context(Proxy(url, fault, after)) for url in (town.url, town.browser))
            jobs += [job(name, f"{fault} {after}", proxies, town, tmp_path) for name in (COMMANDS if WHOLE else SHORT)]
        rows = run_jobs(jobs)
    for row in rows:
        last = (row.err.strip().splitlines() or [""])[-1]
        print(f"{row.name:45} {row.waited:6.2f} of {row.seconds:6.2f} s  exit {row.code:3}  {last}")  # noqa: T201 - shown with -s
    assert len(rows) == len(jobs)
    for row in rows:
        assert row.waited <= SECONDS + GRACE, row
        assert row.code in (0, 3, OTHERWISE.get(row.name.partition(": ")[2])), row
        assert "Traceback" not in row.err, row
        assert row.code == 0 or "doctor" in row.name or row.err.count("error: ") == 1, row
