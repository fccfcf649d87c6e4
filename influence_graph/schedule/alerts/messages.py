"""A message about one crossing, and what waits for its delivery."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from influence_graph.model.json_values import json_value
from influence_graph.schedule.alerts.seen import Figure
from influence_graph.text import one_line

LONGEST_TEXT = 2_000
"""Characters of a text: chat tools cut longer ones."""
_ALL = re.compile(r"@(?=(?:everyone|here|channel|all)\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Fired:
    """One message: a subject has crossed a rule.

    Attributes:
        id: Unique; the same message has the same id however often it is sent.
        rule: Name of the rule.
        kind: Its kind, a name of ``rules.RULES``; ``"test"`` for a test message.
        change: ``"beyond"``, ``"gained"``, ``"lost"``, or ``"more"``: one message for all that are left.
        subject: Ids by what they are, such as consumer and brand; for ``"more"`` none.
        text: What happened and why, in a few plain sentences with names beside ids.
        at: When it was noticed.
        as_of: The latest time that the store knew then; None without interactions.
        figure: The figure that crossed; None for ``"lost"`` and ``"more"``.
        limit: The limit that it crossed; None where the rule has none.
        events: Ids of the events behind it, the most important first.
        store: Address of the store.
    """

    id: str
    rule: str
    kind: str
    change: str
    subject: Mapping[str, str]
    text: str
    at: datetime
    as_of: datetime | None = None
    figure: Figure | None = None
    limit: float | None = None
    events: tuple[str, ...] = ()
    store: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON values; :func:`fired_of` reads them back."""
        figure = None if self.figure is None else self.figure.to_dict()
        values = {**vars(self), "subject": dict(self.subject), "figure": figure}
        return {name: json_value(value) for name, value in values.items()}


@dataclass(frozen=True)
class Waiting:
    """A message in the outbox.

    Attributes:
        message: The message.
        to: Where it has not been delivered yet: ``"webhook"``, ``"file"``.
        failed: Why the last try failed; "" before the first.
    """

    message: Fired
    to: tuple[str, ...]
    failed: str = ""

    def without(self, target: str) -> Waiting:
        """Return what waits once *target* has the message."""
        return replace(self, to=tuple(each for each in self.to if each != target))


@dataclass(frozen=True)
class Outbox:
    """What waits for delivery, the oldest first, and how many were given up because too many waited."""

    waiting: tuple[Waiting, ...] = ()
    given_up: int = 0


def fired_of(values: Mapping[str, Any]) -> Fired:
    """Return the message that :meth:`Fired.to_dict` gave."""
    figure = values.get("figure")
    return Fired(
        id=values["id"],
        rule=values["rule"],
        kind=values["kind"],
        change=values["change"],
        subject=values["subject"],
        text=values["text"],
        at=datetime.fromisoformat(values["at"]),
        as_of=time_of(values.get("as_of")),
        figure=None if figure is None else Figure(**figure),
        limit=values.get("limit"),
        events=tuple(values.get("events", ())),
        store=values.get("store", ""),
    )


def time_of(text: str | None) -> datetime | None:
    """Return the time of an ISO 8601 text, None of None."""
    return None if text is None else datetime.fromisoformat(text)


def chat_text(sentences: Iterable[str]) -> str:
    """Return *sentences* as one line that no chat tool reads as a command: names come from files.

    Angle brackets, which Slack takes for links and calls to everybody, become single quotation marks; an @ before
    everyone, here, channel and all, and ``](``, which makes a link of Markdown, are parted.

    Example:
        >>> chat_text(["<!channel> says", "[free](http://x) @here"])
        '‹!channel› says [free] (http://x) @ here'
    """
    text = one_line(" ".join(sentences), LONGEST_TEXT)
    plain = text.replace("<", "‹").replace(">", "›").replace("](", "] (")
    return _ALL.sub("@ ", plain)
