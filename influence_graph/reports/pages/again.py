"""Where the figures of a page come from, and the commands that give them again: the same section on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from influence_graph.model.touchpoints import unknown_line
from influence_graph.reports.pages.parts import Network, Section, Table
from influence_graph.reports.words import NONE, printable, time_text
from influence_graph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_LONGEST = 100_000  # characters of a line: none is cut
HEADING = "How to get the same figures again"
_TEXT = (
    "Paste these lines into a shell, in the folder where the page was made. They give the same figures as long as no "
    "record is added that was known by that time."
)


@dataclass(frozen=True, eq=False)
class Origin:
    """What a page shows beside its view.

    Attributes:
        store: Address of the store, without user name or password.
        commands: Lines for a shell that give the figures again; "" where they are not of a store.
        digest: Digest of what the figures were calculated from.
        network: The neighborhood, to be drawn.
    """

    store: str = ""
    commands: str = ""
    digest: str = ""
    network: Network | None = None


NO_ORIGIN = Origin()


def again(
    origin: Origin, as_of: datetime | None, unknown: Mapping[str, int], tables: Sequence[Table] = (), text: str = ""
) -> Section:
    """Return the section with the commands, and with what they start from.

    Args:
        origin: Where the figures come from.
        as_of: The time for which the scores stand.
        unknown: Number of interactions by kind that have no meaning yet.
        tables: What else is shown of the origin, such as runs.
        text: A sentence more.
    """
    facts = [
        ["version", printable(__version__)],
        ["scores as of", time_text(as_of)],
        ["store", printable(origin.store) or NONE],
        ["digest of the records", printable(origin.digest) or NONE],
    ]
    kept = Table("Where these figures come from", ["what", "value"], facts)
    points = [unknown_line(unknown)] if unknown else []
    words = " ".join(filter(None, (_TEXT if origin.commands else "", text)))
    lines = "\n".join(printable(line, _LONGEST) for line in origin.commands.split("\n"))
    return Section("provenance", HEADING, words, tables=[kept, *tables], points=points, commands=lines)
