from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from influence_graph.app import doctor
from influence_graph.app.doctor import examine
from influence_graph.stores.embedded.store import EmbeddedStore


def test_a_store_that_fails_is_queried_only_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = [check for check in examine(EmbeddedStore(tmp_path / "file")) if not check.ok]
    assert [(check.name, check.exit_code) for check in failed] == [("store answers", 2)]


@pytest.fixture
def empty(tmp_path: Path) -> EmbeddedStore:
    store = EmbeddedStore(tmp_path / "store")
    store.migrate()
    return store


def test_a_store_that_does_not_exist_is_a_failure_with_a_remedy(tmp_path: Path) -> None:
    (failed,) = [check for check in examine(EmbeddedStore(tmp_path / "none")) if not check.ok]
    assert (failed.name, failed.exit_code) == ("store answers", 1)
    assert failed.detail == f"there is no store in {tmp_path / 'none'}"
    assert "check --store" in failed.remedy
    assert not (tmp_path / "none").exists()


def test_an_empty_store_is_well(empty: EmbeddedStore) -> None:
    assert all(check.ok for check in examine(empty))


def test_what_a_store_holds_is_reported(empty: EmbeddedStore) -> None:
    checks = {check.name: check for check in examine(empty)}
    assert checks["store answers"].detail.startswith("0 people, 0 brands")
    assert checks["runs"].detail == "0 stored"


def test_little_free_space_is_a_failure_with_a_remedy(empty: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: SimpleNamespace(free=5e8))
    (failed,) = [check for check in examine(empty) if not check.ok]
    assert (failed.name, failed.detail, failed.exit_code) == ("disk", "0.5 GB free", 1)
    assert failed.remedy


@pytest.mark.parametrize(("missing", "exit_code"), [("jgo", 0), ("numba", 1)])
def test_a_missing_package_fails_unless_it_is_optional(
    empty: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, missing: str, exit_code: int
) -> None:
    def version(name: str) -> str:
        if name == missing:
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(doctor, "version", version)
    (failed,) = [check for check in examine(empty) if not check.ok]
    assert (failed.name, failed.detail, failed.exit_code) == (missing, "not installed", exit_code)
    assert "install" in failed.remedy
