"""The runs of a store as a frame."""

from __future__ import annotations

from datetime import UTC, datetime

from influence_graph.app.views.runs import RUN_COLUMNS, runs_frame
from influence_graph.model.runs import Run

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def test_each_run_is_a_row_with_every_field() -> None:
    runs = [
        Run("rank-2", "rank", "finished", DAY, None, "d2", "0.1.0", {"by": "pagerank", "top": [1, 2]}),
        Run("score-1", "score", "superseded", DAY, DAY, "d1", "0.1.0"),
    ]
    frame = runs_frame(iter(runs))
    assert frame is not None
    assert tuple(frame.columns) == RUN_COLUMNS == tuple(Run.__dataclass_fields__)
    assert frame["id"].tolist() == ["rank-2", "score-1"]
    assert frame["parameters"].tolist() == [{"by": "pagerank", "top": [1, 2]}, {}]


def test_no_runs_are_no_frame() -> None:
    assert runs_frame([]) is None
