"""Every notebook runs from its first cell to its last, in an empty folder, without a warning, and says what is so."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
SECONDS = 280


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """Return a notebook with the outputs of a run; a cell that fails fails the test."""
    found = nbformat.read(request.param, as_version=4)
    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONWARNINGS", "default")  # nothing is hidden
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep))
        NotebookClient(found, timeout=SECONDS, resources={"metadata": {"path": str(folder)}}).execute()
    return found


def outputs(notebook: nbformat.NotebookNode) -> list[tuple[str, nbformat.NotebookNode]]:
    """Return each output with the source of its cell."""
    return [(cell.source, each) for cell in notebook.cells for each in cell.get("outputs", [])]


def test_there_are_notebooks() -> None:
    assert "town" in [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_is_committed_without_outputs_and_without_a_machine(path: Path) -> None:
    kept = nbformat.read(path, as_version=4)
    nbformat.validate(kept)
    assert outputs(kept) == []
    assert {cell.execution_count for cell in kept.cells if cell.cell_type == "code"} == {None}
    assert kept.metadata.language_info == {"name": "python"}
    ids = [cell.id for cell in kept.cells]
    assert len(set(ids)) == len(ids)
    assert kept.cells[0].source.startswith("# ")


@pytest.mark.timeout(SECONDS + 20)
def test_every_cell_runs_without_a_word_on_standard_error(notebook: nbformat.NotebookNode) -> None:
    said = [(source, each.text) for source, each in outputs(notebook) if each.get("name") == "stderr"]
    assert said == []
    assert "error" not in {each.output_type for _, each in outputs(notebook)}


def test_what_ends_with_a_plot_or_a_result_shows_it(notebook: nbformat.NotebookNode) -> None:
    last_lines = {cell.source: cell.source.rsplit("\n", 1)[-1] for cell in notebook.cells if cell.cell_type == "code"}
    drawn = [source for source, last in last_lines.items() if ".plot(" in last and ".save(" not in last]
    pages = {source: each.data.get("text/html", "") for source, each in outputs(notebook) if "data" in each}
    assert len(drawn) > 5
    for source in drawn:
        assert "<svg" in pages[source], source


def test_what_the_town_says_of_itself_is_so(notebook: nbformat.NotebookNode) -> None:
    """The texts state figures of the fixed seed."""
    texts = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    if "All eight are among the ten chosen" not in texts:
        pytest.skip("not the town")
    shown = {source: each for source, each in outputs(notebook) if "data" in each}
    truth = next(each.data["text/plain"] for source, each in shown.items() if "truth.json" in source)
    assert truth.count("True") == 8
    assert "False" not in truth
    gains = next(each.data["text/plain"] for source, each in shown.items() if '"auc_gain_low"' in source)
    lows = [float(line.split()[-3]) for line in gains.splitlines()[1:]]
    assert len(lows) == 8
    assert min(lows[2:]) > 0
