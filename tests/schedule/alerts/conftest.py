"""The story without its last scandal, in a store, and what happens then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import influence_graph as ig
from influence_graph.app.recompute.recompute import recompute
from influence_graph.ingest.datasets import story_batches
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.records import INTERACTIONS, Batch, RecordKind
from influence_graph.stores.base import Store

FISH = "singer-fish"
"""The singer's complaint: -8 for the restaurant, and -2 of it spill over to her sweater."""
LATEST = datetime(2026, 6, 18, 9, tzinfo=UTC)


class Story:
    """The story, told in two parts to a store."""

    def __init__(self, store: Store, *, fill: bool = True) -> None:
        self.store = store
        batches = list(story_batches())
        self.interactions = pa.concat_tables([each.table for each in batches if each.kind is INTERACTIONS])
        for batch in batches:
            if fill and batch.kind is not INTERACTIONS:
                store.append(batch.kind, [batch])

    def happens(self, *, until: datetime | None = None, only: str | None = None) -> None:
        """Append the interactions before *until*, or the one *only*; those that are there already change nothing."""
        kept = self.interactions
        if until is not None:
            kept = kept.filter(pc.less(kept["at"], pa.scalar(until, kept["at"].type)))
        if only is not None:
            kept = kept.filter(pc.equal(kept["event_id"], only))
        self.append(kept)

    def add(self, *rows: dict[str, Any]) -> None:
        """Append interactions."""
        self.append_records(INTERACTIONS, list(rows))

    def append_records(self, kind: RecordKind, rows: list[dict[str, Any]]) -> None:
        """Append *rows* of *kind*."""
        self.append(pa.table({name: [row.get(name) for row in rows] for name in kind.names}, kind.schema), kind)

    def append(self, table: pa.Table, kind: RecordKind = INTERACTIONS) -> None:
        lines = pa.array(range(table.num_rows), pa.int64())
        self.store.append(kind, [Batch(kind, table.combine_chunks(), lines)])

    def recalculate(self, **parameters: Any) -> None:
        """Bring the scores and the ranking up to date."""
        recompute(self.store, RecomputeParameters(only=("score", "rank"), **parameters))


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of two stores: ``before`` the singer's complaint, and ``after`` it, each recalculated."""
    folder = tmp_path_factory.mktemp("stories")
    with ig.open_store(folder / "before") as store:
        story = Story(store)
        story.happens(until=datetime(2026, 6, 13, tzinfo=UTC))
        story.recalculate()
    shutil.copytree(folder / "before", folder / "after")
    with ig.open_store(folder / "after") as store:
        story = Story(store)
        story.happens()
        story.recalculate()
    return folder


@pytest.fixture
def told(folders: Path, tmp_path: Path) -> Iterator[Story]:
    """Return the story in a store of one file, told until just before the singer's complaint."""
    shutil.copytree(folders / "before", tmp_path / "store")
    with ig.open_store(tmp_path / "store") as store:
        yield Story(store, fill=False)


@pytest.fixture
def happened(folders: Path, tmp_path: Path) -> Iterator[Story]:
    """Return the whole story in a store of one file."""
    shutil.copytree(folders / "after", tmp_path / "store")
    with ig.open_store(tmp_path / "store") as store:
        yield Story(store, fill=False)
