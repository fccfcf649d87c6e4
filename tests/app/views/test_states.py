"""Which results were current at a state that a user names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from influence_graph.app.views.states import ResultStates
from influence_graph.errors import InputError, NotFound
from influence_graph.model.recalculations import Outcome, Recalculation, Step
from influence_graph.model.runs import Run

START = datetime(2026, 5, 1, tzinfo=UTC)


def run(kind: str, hours: float, status: str = "superseded") -> Run:
    at = START + timedelta(hours=hours)
    return Run(f"{kind}-{hours:g}", kind, status, at, at, "", "1", {})


def recalculation(
    hours: float, position: int, calculated: tuple[str, ...], left: tuple[str, ...] = ()
) -> Recalculation:
    at = START + timedelta(hours=hours, minutes=1)
    steps = tuple(Step(each.split("-")[0], Outcome.CALCULATED, "full", "asked for", run=each) for each in calculated)
    steps += tuple(Step(each.split("-")[0], Outcome.UNCHANGED, run=each) for each in left)
    current = {each.split("-")[0]: each for each in (*calculated, *left)}
    return Recalculation(f"recalculation-{hours:g}", at, at, "token", position, steps, current, "1")


class View:
    """A store with three recalculations, and a run that was written alone between them."""

    url = "here"

    def runs(self) -> list[Run]:
        kept = [run("score", 48), run("rank", 30), run("score", 24), run("rank", 0), run("score", 0)]
        return [run("score", 60, "abandoned"), *kept]

    def recalculations(self) -> list[Recalculation]:
        return [
            recalculation(48, 30, ("score-48",), ("rank-30",)),
            recalculation(24, 20, ("score-24",), ("rank-0",)),
            recalculation(0, 10, ("rank-0", "score-0")),
        ]


STATES = ResultStates(View())  # type: ignore[arg-type]


def ids(name: str | datetime) -> set[str]:
    return {each.id for each in STATES.state(name).runs.values()}


def test_named_states() -> None:
    assert ids("latest") == {"score-48", "rank-30"}
    assert ids("previous") == {"score-24", "rank-30"}
    assert ids("yesterday") == {"score-24", "rank-0"}
    assert ids("recalculation-24") == {"score-24", "rank-0"}
    assert ids("score-0") == {"score-0"}
    assert ids(START + timedelta(hours=30)) == {"score-24", "rank-30"}
    assert ids("2026-05-02") == {"score-0", "rank-0"}


def test_a_state_knows_what_its_runs_had_read() -> None:
    latest = STATES.state("latest")
    assert latest.read == {"score": ("token", 30)}  # the run that was written alone did not say
    assert latest.why == {"score": "asked for"}


def test_two_states_are_the_previous_and_the_latest_by_default() -> None:
    start, end = STATES.between(None, None)
    assert (start.at, end.at) == (START + timedelta(hours=30), START + timedelta(hours=48, minutes=1))


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(
        NotFound, match="no results by 2026-04-01: the first that are kept became current at 2026-05-01"
    ):
        STATES.state("2026-04-01")
    with pytest.raises(NotFound, match="did you mean 'latest'"):
        STATES.state("lastest")
    with pytest.raises(InputError, match="is later than"):
        STATES.between("latest", "previous")
