"""Ids and texts through every format and back: an export that is ingested is the same records."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from influence_graph.app.ingest import IngestOptions, ingest
from influence_graph.app.transfer import export
from influence_graph.ingest.faults import BadValue
from influence_graph.ingest.values.text import ID
from influence_graph.model.records import BRANDS, INTERACTIONS, KINDS, PEOPLE, TIES
from influence_graph.stores.embedded.store import EmbeddedStore

FORMATS = ("csv", "jsonl", "parquet")
ALPHABETS = (
    "abc019",
    "'=+-@|\"\\,;:#%/ .*_~`<>{}[]()&$!?^",
    "äßéø\u0301ñçœ",  # with an accent apart
    "日本語한국어ไทย",
    "😀👩\u200d👩\u200d👧🏳️",
    "\u00a0\u2009\u3000\ufeff\t\n\r\x00\u202e",
)
KEYS = {"people": "id", "brands": "id", "ties": "source", "interactions": "event_id"}


def random_ids(count: int, seed: int) -> list[str]:
    """Return *count* different texts that ingestion takes as ids, of any characters."""
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        letters = "".join(draw.sample(ALPHABETS, draw.randint(1, 3)))
        try:
            text = ID.clean("".join(draw.choices(letters, k=draw.randint(1, 12))).strip())
        except BadValue:
            continue
        if text:
            found[text] = None
    return list(found)


def stored(folder: Path, files: list[Path]) -> EmbeddedStore:
    """Return a new store with the records of *files*, none of which is rejected."""
    store = EmbeddedStore(folder)
    reports = ingest(store, files, IngestOptions(rejects=folder.with_suffix(".rejects")))
    assert [report.rejected for report in reports] == [0] * len(files)
    return store


def written(ids: list[str], brands: list[str], folder: Path) -> list[Path]:
    """Return files of JSON Lines with *ids* as people, ends of ties, events and consumers."""
    at = "2026-01-01T00:00:00Z"
    rows = {
        "people": [{"id": id_, "name": id_, "city": id_} for id_ in ids],
        "brands": [{"id": id_, "name": id_} for id_ in brands],
        "ties": [{"source": a, "target": b} for a, b in pairwise(ids)],
        "interactions": [
            {"event_id": id_, "at": at, "consumer": id_, "brand": brands[i % len(brands)], "kind": id_}
            | {"item": ids[i - 1]}
            | ({"with_brands": brands[(i + 1) % len(brands)] + "|"} if len(brands) > 1 else {})
            for i, id_ in enumerate(ids)
        ],
    }
    for name, records in rows.items():
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    return [folder / f"{name}.jsonl" for name in rows]


def differences(store: EmbeddedStore, folder: Path, format_: str) -> int:
    """Return how many records of *store* are not the same after an export and an ingestion."""
    folder.mkdir()
    files = [folder / f"{kind.name}.{format_}" for kind in (PEOPLE, BRANDS, TIES, INTERACTIONS)]
    for file in files:
        export(store, file.stem, file)
    again = stored(folder / "again", files)
    return sum(len(records(store, name) ^ records(again, name)) for name in KINDS)


def records(store: EmbeddedStore, name: str) -> set[str]:
    return {repr(row) for table in store.records(KINDS[name]) for row in table.to_pylist()}


@pytest.mark.parametrize("format_", FORMATS)
def test_ten_thousand_random_ids_come_back_unchanged(tmp_path: Path, format_: str) -> None:
    ids = random_ids(10_000, seed=11)
    brands = [id_ for id_ in random_ids(200, seed=12) if "|" not in id_]
    with stored(tmp_path / "first", written(ids, brands, tmp_path)) as store:
        assert {row["id"] for table in store.records(PEOPLE) for row in table.to_pylist()} == set(ids)
        assert differences(store, tmp_path / format_, format_) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=9), min_size=2, max_size=8))
def test_any_id_that_is_taken_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("round")
    ids = []
    for text in texts:
        try:
            ids.append(ID.clean(text.strip()))
        except (BadValue, UnicodeEncodeError):
            continue
    ids = [id_ for id_ in dict.fromkeys(ids) if id_]
    brands = [id_ for id_ in ids if "|" not in id_]
    if len(ids) < 2 or not brands:
        return
    with stored(folder / "first", written(ids, brands, folder)) as store:
        for format_ in FORMATS:
            assert differences(store, folder / format_, format_) == 0
