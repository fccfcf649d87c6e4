"""The wheel, installed apart from this checkout, holds all it needs to run the demo."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, timeout=200)
    return next(folder.glob("*.whl"))


def test_the_wheel_ships_queries_data_and_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "_data/cypher/",
        "_data/datasets/story/",
        "model/touchpoints.toml",
        "py.typed",
        "__init__.pyi",
        "reports/vendor/sigma.min.js",
        "reports/vendor/sigma.LICENSE.txt",
        "reports/templates/network.js",
    ):
        assert any(name.startswith(f"influence_graph/{part}") for name in names), part
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


def test_the_installed_wheel_runs_the_demo(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, timeout=200)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", "import influence_graph as ig; print(ig.__file__)"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(site))
    demo = [sys.executable, "-m", "influence_graph", "demo", "--people", "200", "-o", "demo.html"]
    done = subprocess.run(demo, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo.html").stat().st_size > 10_000
    queries = subprocess.run(
        [sys.executable, "-m", "influence_graph", "queries"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(queries.stdout.splitlines()) >= 8
