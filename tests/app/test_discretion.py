"""Files broken in many ways: whatever is said of them, no id and no name of them is said.

``DISCRETION_FILES=2000 .venv/bin/pytest -s tests/app/test_discretion.py`` breaks as many.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from influence_graph.app.door import Privacy
from influence_graph.app.ingest import IngestOptions, import_dataset, ingest
from influence_graph.errors import InfluenceGraphError
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.stores.embedded.store import EmbeddedStore

FILES = int(os.environ.get("DISCRETION_FILES", "15"))
PEOPLE = [f"{name}{number}@ex.org" for name in ("annabel", "junior") for number in range(3)]
NAMES = ["Annabella Xu", "Juniper O'Neil", 'Zo "Z" Quux']
TOLD = ["annabel", "junior", "ex.org", "Annabella", "Juniper", "O'Neil", "Quux"]
CONTROL = ["\x00", "\x1b[31m", "\u202e", "\n", '"', "'", ",", ";", "\t", "|", "\ufeff", "\u200b", "{", "[1,", "\\"]


def table(rng: random.Random) -> str:
    kind = rng.choice(["people", "ties", "interactions"])
    rows = []
    for number in range(6):
        one, other, name = rng.choice(PEOPLE), rng.choice(PEOPLE), rng.choice(NAMES)
        rows.append(
            {
                "people": {"id": one, "name": name, "kind": "consumer", "followers": str(number)},
                "ties": {"source": one, "target": other, "kind": "follows", "weight": "1"},
                "interactions": {
                    "event_id": f"e{number}", "at": "2026-01-01T00:00Z", "consumer": one, "brand": "acme", "value": "1",
                    "currency": "EUR",
                },
            }[kind]
        )  # fmt: skip
    shuffle_values(rng, rows)
    if rng.random() < 0.4:
        return "".join(json.dumps(row) + "\n" for row in rows)
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return "\n".join(lines[rng.random() < 0.2 :]) + "\n"


def shuffle_values(rng: random.Random, rows: list[dict[str, str]]) -> None:
    """Let some values stand in the column of others, as in a shifted row."""
    for row in rng.sample(rows, 2):
        values = list(row.values())
        rng.shuffle(values)
        row.update(zip(row, values, strict=True))


def broken(rng: random.Random, text: str) -> bytes:
    for _ in range(rng.randrange(4)):
        place = rng.randrange(len(text))
        text = rng.choice(
            [
                text[:place] + rng.choice(CONTROL) + text[place:],
                text[:place] + text[place + rng.randrange(1, 4) :],
                text[:place] + text[place:].replace(",", ";", 3),
                text.replace("\n", "\n" + rng.choice(PEOPLE) + ",", 1),
                text.replace(":", "=", 1),
            ]
        )
    data = text.encode(rng.choice(["utf-8", "utf-8", "utf-16", "cp1252"]), errors="replace")
    return data[: rng.randrange(len(data))] if rng.random() < 0.1 else data


def taken(store: EmbeddedStore, path: Path, privacy: Privacy, rejects: Path) -> str:
    reports = ingest(store, [path], IngestOptions(rejects=rejects, privacy=privacy))
    return repr(reports)


def imported(store: EmbeddedStore, path: Path, privacy: Privacy, rejects: Path) -> str:
    del rejects
    said: list[str] = []
    import_dataset(store, IMPORTERS["edges"], path, ImportOptions(note=said.append), privacy=privacy)
    return repr(said)


@pytest.mark.parametrize("take", [taken, imported])
def test_nothing_that_is_said_of_a_broken_file_tells_who(
    tmp_path: Path, take: Callable[[EmbeddedStore, Path, Privacy, Path], str]
) -> None:
    rejects, path, outcomes = tmp_path / "rejects.jsonl", tmp_path / "file", {"taken": 0, "refused": 0}
    privacy = Privacy(pseudonymize=True, key_file=tmp_path / "key")
    edges = "\n".join(f"{one} {other} 1" for one, other in pairwise(PEOPLE))
    store = EmbeddedStore(tmp_path / "store")
    store.migrate()
    for seed in range(FILES):
        rng = random.Random(seed)
        text = table(rng) if take is taken else edges
        path.write_bytes(broken(rng, text))
        try:
            said = take(store, path, privacy, rejects)
            outcomes["taken"] += 1
        except InfluenceGraphError as error:
            said = str(error)
            outcomes["refused"] += 1
        written = rejects.read_text() if rejects.exists() else ""
        assert [told for told in TOLD if told in said + written] == [], (seed, said, written)
    assert all(outcomes.values())
