"""Records are copied from either store to another one and back, each time from one state."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.app.ingest import import_dataset
from influence_graph.app.transfer import copy
from influence_graph.errors import InputError
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore


def test_a_copy_there_and_back_has_the_same_records(store: Store, tmp_path: Path) -> None:
    first, last = EmbeddedStore(tmp_path / "first"), EmbeddedStore(tmp_path / "last")
    import_dataset(first, IMPORTERS["story"], None, ImportOptions())
    copy(first, store)
    copy(store, last)
    assert first.digest() == store.digest() == last.digest()
    assert not any(report.inserted + report.updated for report in copy(store, first))


def test_a_store_is_not_copied_to_itself(store: Store) -> None:
    with pytest.raises(InputError, match="would be copied to itself"):
        copy(store, store)
