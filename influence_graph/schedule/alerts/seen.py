"""What a rule sees at one time: who is beyond it, with the figures; who is not back yet; what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

MOST_SUBJECTS = 10_000
"""More than so many beyond one rule are refused: nobody reads so many messages."""
Subject: TypeAlias = tuple[str, ...]
"""The ids that say who is meant, such as consumer and brand; what each is, the kind of rule says (:data:`PARTS`)."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "bond": ("consumer", "brand"),
    "brand": ("brand",),
    "influencer": ("consumer",),
    "complaint": ("event", "consumer", "brand"),
    "silence": ("feed",),
}
"""What the ids of a subject are, by kind of rule."""


@dataclass(frozen=True)
class Figure:
    """The figure of a subject, with its 95 % interval where the analysis gives one.

    Attributes:
        value: The figure, in the unit of the rule.
        low: Lower end; None where the figure is exact.
        high: Upper end, likewise.
        count: Number of independent observations, None where it is exact.
        method: How the interval was made, or how the figure is known.
    """

    value: float
    low: float | None = None
    high: float | None = None
    count: int | None = None
    method: str = "exact"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True)
class Seen:
    """Who is beyond a rule now.

    Attributes:
        beyond: The figure of each who is beyond the rule, the furthest first.
        held: Of those who were beyond it before: who is not, and has not come back by the margin either, or of whom
            it cannot be told now. They stay as they were.
        unclear: Why it cannot be told, by subject; ``()`` for the rule as a whole, and then nothing changes.
    """

    beyond: Mapping[Subject, Figure] = field(default_factory=dict)
    held: frozenset[Subject] = frozenset()
    unclear: Mapping[Subject, str] = field(default_factory=dict)

    @property
    def blind(self) -> str:
        """Why nothing can be told of the rule as a whole; "" where it can."""
        return self.unclear.get((), "")


def cannot_tell(why: str) -> Seen:
    """Return what is seen where nothing can be told of a rule as a whole, and *why*."""
    return Seen(unclear={(): why})
