"""With what the inputs of a result are compared: those of its current run, and of an earlier state that is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from influence_graph.app.recompute import inputs
from influence_graph.app.recompute.view import Renewed
from influence_graph.errors import InputError, NotFound
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.times import Time, checked_as_of
from influence_graph.text import count_text, did_you_mean

_NOT_KNOWN = "what it was calculated from is not on record"
_INTERACTIONS = "interactions"


@dataclass(frozen=True)
class Since:
    """What earlier recalculations read.

    Attributes:
        recalculations: All that are on record, newest first.
        base: The one to compare with beside that of the current run; None: no other.
        position: Number of interactions appended by now.
        before_all: Whether a time was named that no recalculation is as early as: everything has changed since.
    """

    recalculations: Sequence[Recalculation]
    position: int
    base: Recalculation | None = None
    before_all: bool = False

    def why(self, kind: str, run: str, digest: str) -> str:
        """Return what has changed of the inputs of *kind*, whose current *run* it is, now of *digest*; "": nothing."""
        if self.before_all:
            return "nothing was recalculated by the time named"
        own = next((found for each in self.recalculations if (found := _inputs(each, kind, run))), None)
        if own is None:
            return _NOT_KNOWN
        told = self._told(*own, digest)
        if told or self.base is None:
            return told
        base = _inputs(self.base, kind)
        return _NOT_KNOWN if base is None else self._told(*base, digest)

    def _told(self, before: str, at: Recalculation, now: str) -> str:
        changed = inputs.changes(before, now)
        if not changed:
            return ""
        new = self.position - at.position
        if _INTERACTIONS in changed and new > 0:
            changed = [count_text(new, "new interaction"), *(name for name in changed if name != _INTERACTIONS)]
        return ", ".join(changed)


def since_of(view: Renewed, text: str | datetime | None) -> Since:
    """Return what the inputs of results in *view* are compared with.

    Args:
        view: One state of a ledger.
        text: A run id, or a time; None: only the current runs.

    Raises:
        NotFound: *text* is neither a time nor a run that a recalculation on record has made current.
    """
    recalculations = view.recalculations()
    found = Since(recalculations, view.mark().position)
    if text is None:
        return found
    if isinstance(text, str) and (base := _of_run(recalculations, text)) is not None:
        return Since(recalculations, found.position, base)
    moment = _moment(view, text)
    earlier = next((each for each in recalculations if each.finished_at <= moment), None)
    return Since(recalculations, found.position, earlier, before_all=earlier is None)


def _moment(view: Renewed, text: str | datetime) -> datetime:
    try:
        return _timed(text)
    except InputError:
        known = [run.id for run in view.runs()]
        remedy = did_you_mean(text, known, "see `influence-graph runs`, or name a time such as 2026-11-28")
        raise NotFound(f"{text!r} is no time, and no run of a recalculation on record", remedy=remedy) from None


def _timed(time: Time) -> datetime:
    return checked_as_of(time, "since") or datetime.now(UTC)


def _of_run(recalculations: Sequence[Recalculation], id_: str) -> Recalculation | None:
    """Return the recalculation with this id, or the one that made the run with it current."""
    held = (each for each in reversed(recalculations) if id_ == each.id or id_ in each.current.values())
    return next(held, None)


def _inputs(of: Recalculation, kind: str, run: str | None = None) -> tuple[str, Recalculation] | None:
    """Return the inputs of *kind* in *of*, and *of*; None where it left them out, or had another run than *run*."""
    for step in of.steps:
        if step.kind == kind and step.inputs and run in (None, step.run):
            return step.inputs, of
    return None
