"""What both stores say of runs that are not kept, and how they read what they are asked to keep."""

from __future__ import annotations

from collections.abc import Sequence

from influence_graph.errors import InputError, NotFound
from influence_graph.model.recalculations import Recalculation
from influence_graph.stores.base import Written

KEPT_TICKS = 1_000
"""How many of the latest ticks stay on record, whatever is pruned: they took effect."""


def check_keep(keep: int) -> None:
    """Check how many runs of a kind are to be kept.

    Raises:
        InputError: fewer than one.
    """
    if keep < 1:
        raise InputError(f"{keep} runs to keep", remedy="keep 1 or more: the current one stays in any case")


def written_by(recalculation: Recalculation, results: Sequence[Written]) -> list[str]:
    """Return the ids of the runs with which *recalculation* goes: those that it wrote.

    One by hand that wrote nothing goes with the runs that it left; a tick is kept by itself.
    """
    if results or recalculation.tick is not None:
        return [written.run.id for written in results]
    return list(recalculation.current.values())


def ticks_of(recalculation: Recalculation) -> list[str]:
    """Return the ticks that take effect with *recalculation*: its own first."""
    return [] if recalculation.tick is None else [recalculation.tick, *recalculation.covers]


def no_run(run_id: str) -> NotFound:
    """Return the error of a run that the store does not have."""
    return NotFound(
        f"there is no run {run_id!r}: it was never written, or pruned", remedy="`influence-graph runs` lists them"
    )


def not_kept(run_id: str) -> NotFound:
    """Return the error of a run whose results are gone while it is still listed."""
    return NotFound(
        f"the results of the run {run_id!r} were not kept: it never finished, or an earlier version wrote it",
        remedy="`influence-graph runs` lists the others",
    )
