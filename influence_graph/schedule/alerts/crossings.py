"""The former state of a rule against the present one: who has crossed it since, each once.

Who is beyond a rule is remembered until she has come back by its margin. So noise around a limit is one crossing,
and a check repeated, by the same process or another, after a crash or not, finds none: the state is in the store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from influence_graph.schedule.alerts.seen import Figure, Seen, Subject
from influence_graph.schedule.alerts.state import RuleState


@dataclass(frozen=True)
class Crossing:
    """A subject that has crossed a rule.

    Attributes:
        subject: Who.
        change: ``"beyond"``, or of members ``"gained"`` and ``"lost"``.
        figure: The figure now; None for ``"lost"``.
        first: Whether the rule had never been checked before: she may have been beyond it for long.
    """

    subject: Subject
    change: str
    figure: Figure | None
    first: bool = False


def crossed(former: RuleState | None, seen: Seen, *, members: bool = False) -> list[Crossing]:
    """Return who has crossed a rule since *former*, in the order of *seen*.

    Args:
        former: The state of the rule; None before its first check.
        seen: What it sees now.
        members: Whether it tells of joining and leaving, for which there must have been a check before.
    """
    if seen.blind or (members and former is None):
        return []
    before = {} if former is None else former.beyond
    change = "gained" if members else "beyond"
    came = [Crossing(who, change, figure, former is None) for who, figure in seen.beyond.items() if who not in before]
    if not members:
        return came
    left = [who for who in before if who not in seen.beyond and who not in seen.held]
    return [*came, *(Crossing(who, "lost", None) for who in left)]


def after(former: RuleState | None, seen: Seen, now: RuleState) -> RuleState | None:
    """Return the state after a check: *now* with who is beyond the rule; where nothing can be told, *former*."""
    if seen.blind:
        return None if former is None else replace(former, checked_at=now.checked_at)
    before = {} if former is None else former.beyond
    stays = {who: before[who] for who in before if who in seen.held}
    return replace(now, beyond={**stays, **{who: before.get(who, now.checked_at) for who in seen.beyond}})
