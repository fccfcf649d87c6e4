import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from influence_graph.app.recompute.artifact import write_artifact
from influence_graph.errors import InputError
from influence_graph.model.recalculations import Outcome, Recalculation, Step

AT = datetime(2026, 11, 29, 2, tzinfo=UTC)
STEP = Step("rank", Outcome.CALCULATED, "full", "ties", "ties:1", "rank-1", 2.5, 1 << 20, float("inf"), 0.5)
DONE = Recalculation("recalculation-1", AT, AT.replace(second=7), "ledger", 9, (STEP,), {"rank": "rank-1"}, "0.1.0")


def test_the_artifact_has_versions_and_each_step(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_artifact(path, DONE, "bolt://neo4j:sesame@host:7687")
    found = json.loads(path.read_text())
    assert found["store"] == "bolt://host:7687" or "sesame" not in found["store"]
    assert found["seconds"] == 7
    assert {"influence_graph", "python", "numpy", "duckdb"} <= set(found["versions"])
    step = found["recalculation"]["steps"][0]
    assert (step["kind"], step["inputs"], step["seconds"], step["memory"]) == ("rank", "ties:1", 2.5, 1 << 20)
    assert step["difference"] == "inf"
    assert Recalculation.from_dict({**found["recalculation"], "steps": []}).id == DONE.id


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_artifact(tmp_path / "none" / "run.json", DONE, "store")
