"""Read-only means read-only: on both stores nothing changes, no file is read, nobody is called, every query ends."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from influence_graph.errors import InputError, StoreError
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, PEOPLE, SALES, TIES
from influence_graph.stores.base import Store
from tests.stores import hostile
from tests.stores.given import DAY, batch, event, tie

SECRET = "canary-7f3a"
GRACE = 5.0
REFUSED_WITHIN, READS_WITHIN, GIANTS_WITHIN, MOST_ROWS = 30.0, 60.0, 1.0, 1000
CAPPED = ("took longer", "has more than", "more memory", "would use more than", "heap space", "ended early")


@pytest.fixture
def store(store: Store) -> Store:
    """Return a store with a few records of each kind."""
    store.append(BRANDS, [batch(BRANDS, {"id": "acme", "name": "Acme"}, {"id": "bolt"})])
    people = ({"id": name, "name": name.title()} for name in ("ann", "bob", "cid", "dan", "eli", "fay", "gus", "hal"))
    store.append(PEOPLE, [batch(PEOPLE, *people)])
    pairs = [(a, b) for a in ("ann", "bob", "cid", "dan", "eli", "fay") for b in ("ann", "bob", "cid", "dan") if a != b]
    store.append(TIES, [batch(TIES, *(tie(a, b) for a, b in pairs))])
    events = (event(f"e{n}", "ann" if n % 2 else "bob", "acme" if n % 3 else "bolt", n % 20) for n in range(40))
    store.append(INTERACTIONS, [batch(INTERACTIONS, *events)])
    store.append(CAMPAIGNS, [batch(CAMPAIGNS, {"event_id": "c1", "at": DAY, "brand": "acme"})])
    store.append(SALES, [batch(SALES, {"brand": "acme", "date": DAY.date(), "value": 1.0, "segment": ""})])
    return store


@pytest.fixture
def calls() -> Iterator[socket.socket]:
    """Return a socket at which nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def chosen(store: Store, kind: str) -> list[str]:
    of = {
        "hostile": (hostile.CYPHER, hostile.SQL),
        "giants": (hostile.CYPHER_GIANTS, hostile.SQL_GIANTS),
        "reads": (hostile.CYPHER_READS, hostile.SQL_READS),
    }
    return of[kind][store.language == "SQL"]


def contents(store: Store) -> tuple[object, ...]:
    """Return what no query may change."""
    if store.language == "SQL":
        return store.digest(), store.counts(), store.runs()
    asked = ("MATCH (n) RETURN count(n)", "MATCH ()-[r]->() RETURN count(r)", "SHOW INDEXES YIELD name",
             "SHOW CONSTRAINTS YIELD name", "CALL db.labels()", "CALL db.propertyKeys()")  # fmt: skip
    return store.digest(), store.counts(), store.runs(), *(sorted(store.query(text).rows) for text in asked)


def outcome(store: Store, text: str, seconds: float) -> tuple[str, float, str]:
    """Return whether the query was answered, refused or stopped, in what time, and what was said."""
    started = time.monotonic()
    given = {"url": "x", "name": "x"} if "$url" in text or "$name" in text else {}
    try:
        answer = store.query(text, given, timeout=seconds, max_rows=MOST_ROWS)
    except (InputError, StoreError) as error:
        said = str(error) if error.remedy else ""
        what = "stopped" if any(word in said for word in CAPPED) else "refused"
    else:
        said, what = repr(answer), "answered"
    return what, time.monotonic() - started, said


def answers(
    store: Store, kind: str, replaced: dict[str, str], seconds: float, at_once: int = 1
) -> dict[str, tuple[str, float, str]]:
    """Return the outcome of each query of *kind*, which must come within *seconds* and the grace."""

    def asked(line: str) -> tuple[str, float, str]:
        for mark, value in replaced.items():
            line = line.replace(mark, value)
        return outcome(store, line.replace("\\n", "\n"), seconds)

    lines = chosen(store, kind)
    with ThreadPoolExecutor(at_once) as pool:
        found = dict(zip(lines, pool.map(asked, lines), strict=True))
    assert not [(line, took) for line, (_, took, _) in found.items() if took > seconds + GRACE]
    return found


def test_nothing_but_reading_is_done(store: Store, calls: socket.socket, tmp_path: Path) -> None:
    canary, new = tmp_path / "canary.csv", tmp_path / "new.csv"
    canary.write_text(f"{SECRET},1\n{SECRET},2\n", encoding="utf-8")
    canary.chmod(0o644)
    replaced = {"@FILE@": str(canary), "@NEW@": str(new), "@PORT@": str(calls.getsockname()[1]),
                "@LONG@": "a" * 60 + "c", "@DEEP@": "+" * 20_000}  # fmt: skip
    before = contents(store)
    found = answers(store, "hostile", replaced, REFUSED_WITHIN, at_once=4)
    wrong = [(line, what, said) for line, (what, _, said) in found.items() if what != "refused"]
    assert not wrong
    assert all(said and "\n" not in said for _, _, said in found.values())
    found |= answers(store, "giants", replaced, GIANTS_WITHIN)
    assert not [line for line, (_, _, said) in found.items() if SECRET in said]
    assert contents(store) == before
    assert not new.exists()
    with pytest.raises(BlockingIOError):
        calls.accept()
    counted = Counter(what for what, _, _ in found.values())
    took, line = max((took, line) for line, (_, took, _) in found.items())
    print(  # noqa: T201 - the figures, for -s
        f"{store.language}: {counted.total()} queries, {dict(counted)}, slowest {took:.1f} s: {line[:100]}"
    )
    assert counted.total() >= 150
    assert counted["stopped"] >= 5


def test_who_only_reads_is_answered(store: Store) -> None:
    found = answers(store, "reads", {}, READS_WITHIN, at_once=4)
    assert {line: said for line, (what, _, said) in found.items() if what != "answered"} == {}
    assert len(found) >= 30
