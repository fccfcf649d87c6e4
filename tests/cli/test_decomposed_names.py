"""Names typed with an accent of its own, as some terminals give them, are those that the store holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main

NFC, NFD = "caf\u00e9", "cafe\u0301"
TIES = f"source,target\n{NFC},june\nann,{NFC}\nann,june\n"
EVENTS = f"""event_id,at,consumer,brand,points
{NFC},2026-01-01T00:00:00Z,{NFC},{NFC},1
2,2026-01-02T00:00:00Z,{NFC},{NFC},1
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decomposed")
    for name, text in {"ties.csv": TIES, "interactions.csv": EVENTS}.items():
        (folder / name).write_text(text, "utf-8")
    files = [str(folder / name) for name in ("ties.csv", "interactions.csv")]
    done = CliRunner().invoke(
        main, ["ingest", *files, "--store", str(folder / "store"), "--rejects", str(folder / "rejects.jsonl")]
    )
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ["reach", "{}", "--seed", "1", "--simulations", "10"],
        ["neighbors", "{}", "--label", "Consumer"],
        ["path", "{}", "june", "--start-label", "Consumer"],
        ["shared", "{}", "june", "--first-label", "Consumer"],
        ["score", "--consumer", "{}"],
        ["score", "--brand", "{}"],
        ["explain", "{}", "{}"],
        ["explain", "{}", "{}", "--without", "{}"],
        ["brand", "{}"],
        ["rank", "--personalize", "{}=2"],
        ["seeds", "-k", "1", "--exclude", "{}", "--seed", "1"],
        ["seeds", "-k", "1", "--won", "{}", "--seed", "1"],
        ["seeds", "-k", "1", "--target", "brand:{}", "--seed", "1"],
    ],
    ids=" ".join,
)
def test_both_forms_of_a_name_find_the_same(folder: Path, command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("INFLUENCE_GRAPH_")]:
        monkeypatch.delenv(name)
    composed, decomposed = (
        CliRunner().invoke(main, [*(part.format(name) for part in command), "--store", "store"]) for name in (NFC, NFD)
    )
    assert composed.exit_code == 0, composed.output
    assert composed.stdout
    assert decomposed.stdout == composed.stdout, decomposed.output
