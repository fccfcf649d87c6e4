from __future__ import annotations

from pathlib import Path

from influence_graph.app.doctor import examine
from influence_graph.stores.embedded.store import EmbeddedStore


def test_a_store_that_fails_is_asked_once_only(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = [check for check in examine(EmbeddedStore(tmp_path / "file")) if not check.ok]
    assert [(check.name, check.exit_code) for check in failed] == [("store answers", 2)]


def test_a_store_that_does_not_exist_yet_is_well(tmp_path: Path) -> None:
    assert all(check.ok for check in examine(EmbeddedStore(tmp_path / "none")))
