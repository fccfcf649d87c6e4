"""What changed in a ranking, in seeds or in probabilities, as plain sentences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Protocol

import pandas as pd

from influence_graph.analyses.changes.links import ITSELF, LOST, NEW, REST
from influence_graph.model.names import CONSUMER, NodeNames
from influence_graph.model.results import kind_of
from influence_graph.text import count_text

_Row = Mapping[Hashable, Any]
_PARTS = 3  # links named in one sentence


class _Changes(Protocol):
    """What the sentences are about: see ``ResultChanges``."""

    @property
    def kind(self) -> str: ...
    @property
    def rows(self) -> pd.DataFrame: ...
    @property
    def links(self) -> pd.DataFrame: ...
    @property
    def reason(self) -> str: ...
    @property
    def after(self) -> int: ...


def result_sentences(changes: _Changes, names: NodeNames, top: int) -> list[str]:
    """Return the findings of *changes*, and of the *top* that rose and that fell."""
    title, rows = kind_of(changes.kind).title, changes.rows
    if rows.empty:
        return [f"{title}: nothing changed."]
    came, left = rows["before"].isna(), rows["after"].isna()
    stayed = ~came & ~left
    rose, fell = (int((stayed & (side * rows["change"] > 0)).sum()) for side in (1, -1))
    line = f"{title}: {rose:,} rose, {fell:,} fell, {int(came.sum()):,} came in and {int(left.sum()):,} left"
    lines = [f"{line}, of {changes.after:,} now."]
    for chosen, verb in ((came, "came in"), (left, "left")):
        if chosen.any():
            who = [_who(row, names) for row in rows[chosen].head(top).to_dict("records")]
            more = int(chosen.sum()) - len(who)
            others = f" and {count_text(more, 'other')}" if more else ""
            lines.append(f"{', '.join(who)}{others} {verb}.")
    for side, verb in ((1, "rose"), (-1, "fell")):
        moved = rows[stayed & (side * rows["change"] > 0)].head(top).to_dict("records")
        lines += [_moved(row, verb, changes.links, names) for row in moved]
    return [*lines, *([changes.reason] if changes.reason else [])]


def _who(row: _Row, names: NodeNames) -> str:
    if "source" in row:
        return f"{names.text(CONSUMER, row['source'])} → {names.text(CONSUMER, row['target'])}"
    if "campaign" in row:
        return f"the campaign {row['campaign']}"
    return names.text(row.get("label", CONSUMER), row["id"])


def _moved(row: _Row, verb: str, links: pd.DataFrame, names: NodeNames) -> str:
    """Return how far one row moved, and the links behind it."""
    text = f"{_who(row, names)} {verb} from {row['before']:.6g} to {row['after']:.6g}"
    if "rank_before" in row and row["rank_before"] != row["rank_after"]:
        text += f", from rank {row['rank_before']:,} to {row['rank_after']:,}"
    if links.empty or "label" not in row:
        return f"{text}."
    own = links[(links["label"] == row["label"]) & (links["id"] == row["id"])]
    parts = [link_part(link, names) for link in own.head(_PARTS).to_dict("records")]
    return f"{text}: {'; '.join(parts)}." if parts else f"{text}."


def link_part(link: _Row, names: NodeNames) -> str:
    """Return one row of :func:`~influence_graph.analyses.changes.links.link_changes` as part of a sentence."""
    share = f" ({link['share']:.0%})" if 0 <= link["share"] <= 1 else ""
    amount = f"{link['change']:+.3g}{share}"
    if link["what"] == REST:
        return f"{amount} by what falls on all alike"
    who = names.text(link["from_label"], link["from_id"])
    told = {
        NEW: "a new link from {}",
        LOST: "the lost link from {}",
        ITSELF: "{}, linked from, whose own score changed",
    }
    return f"{amount} by {told.get(link['what'], 'another share of the score of {}').format(who)}"
