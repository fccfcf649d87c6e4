"""What changed, and why, as plain sentences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from influence_graph.analyses.changes.reasons import DECAYED, NEW, REASONS
from influence_graph.analyses.fusion.sentences import change_sentence
from influence_graph.model.names import BRAND, CONSUMER, NodeNames
from influence_graph.text import count_text

if TYPE_CHECKING:
    import pandas as pd

_Row = Mapping[Hashable, Any]
_PARTS = 3  # causes named in one sentence
_CANNOT_TELL = "cannot be told: records were erased or edited since the scores were recorded"


class _Changes(Protocol):
    """What the sentences are about: see ``BondChanges``."""

    @property
    def start_at(self) -> datetime: ...
    @property
    def end_at(self) -> datetime: ...
    @property
    def bonds(self) -> pd.DataFrame: ...
    @property
    def brands(self) -> pd.DataFrame: ...
    @property
    def causes(self) -> pd.DataFrame: ...
    @property
    def terms(self) -> pd.DataFrame: ...


def bond_sentences(changes: _Changes, names: NodeNames, top: int) -> list[str]:
    """Return the findings of *changes*: of the *top* brands and of as many bonds that rose and that fell."""
    head = f"From {changes.start_at:%Y-%m-%d %H:%M} to {changes.end_at:%Y-%m-%d %H:%M %Z}"
    if changes.bonds.empty:
        return [f"{head}: no Fusion Score changed."]
    change = changes.bonds["change"]
    rose, fell = int((change > 0).sum()), int((change < 0).sum())
    lines = [f"{head}: {count_text(rose, 'bond')} rose and {fell:,} fell, together by {change.sum():+.6g} points."]
    faded = (changes.bonds["events"] == 0) & (changes.bonds["unexplained"] == 0)
    if faded.any():
        lines[0] += f" Of them {count_text(int(faded.sum()), 'bond')} only decayed, {change[faded].sum():+.6g} points."
    moved = changes.bonds[~faded]
    brands = changes.brands[changes.brands["brand"].isin(moved["brand"])].head(top).to_dict("records")
    lines += [brand_sentence(brand, changes.causes, names) for brand in brands]
    for side in (moved[moved["change"] > 0], moved[moved["change"] < 0]):
        for bond in side.head(top).to_dict("records"):
            lines += bond_lines(bond, changes.terms, names)
    open_ = changes.bonds["unexplained"]
    if (open_ != 0).any():
        bonds = count_text(int((open_ != 0).sum()), "bond")
        lines.append(f"Of {bonds}, {open_.sum():+.6g} points {_CANNOT_TELL}.")
    return [*lines, *unusual_sentences(changes.causes, names)]


def brand_sentence(brand: _Row, causes: pd.DataFrame, names: NodeNames) -> str:
    """Return how far *brand*, a row of ``BondChanges.brands``, moved, and its largest causes."""
    verb = "rose" if brand["change"] > 0 else "fell"
    bonds = f"{count_text(int(brand['rose']), 'bond')} rose, {int(brand['fell']):,} fell"
    head = f"{names.text(BRAND, brand['brand'])} {verb} by {abs(brand['change']):.6g} points ({bonds})"
    own = causes[causes["brand"] == brand["brand"]]
    parts = [cause_text(cause, names) for cause in own.head(_PARTS).to_dict("records")]
    more = len(own) - len(parts)
    if more > 0:
        parts.append(f"{own['change'].iloc[_PARTS:].sum():+.6g} by {count_text(more, 'other cause')}")
    if brand["unexplained"]:
        parts.append(f"{brand['unexplained']:+.6g} {_CANNOT_TELL}")
    return f"{head}: {'; '.join(parts)}."


def cause_text(cause: _Row, names: NodeNames) -> str:
    """Return one cause of a brand's change, a row of ``BondChanges.causes``: points, share, what and who."""
    share = f" ({cause['share']:.0%})" if 0 <= cause["share"] <= 1 else ""
    amount = f"{cause['change']:+.6g}{share}"
    if cause["reason"] == REASONS[DECAYED]:
        return f"{amount} decayed, of {count_text(cause['events'], 'earlier event')}"
    kind = str(cause["kind"]).replace("_", " ")
    who = names.text(CONSUMER, cause["largest_consumer"])
    spilled = f", which spilled over from {names.text(BRAND, cause['via'])}" if cause["via"] else ""
    reason = "new" if cause["reason"] == REASONS[NEW] else f"{cause['reason']}:"
    if cause["events"] == 1:
        return f"{amount} by 1 event, {reason} {kind or 'interaction'} of {who} ({cause['largest']}){spilled}"
    people = count_text(cause["people"], "person", "people")
    text = f"{amount} by {count_text(cause['events'], 'event')}, {reason} {kind or 'interaction'}, of {people}{spilled}"
    if abs(cause["largest_change"]) * 2 > abs(cause["change"]):
        text += f", most of it {cause['largest_change']:+.6g} of {who} ({cause['largest']})"
    return text


def bond_text(bond: _Row, terms: pd.DataFrame, names: NodeNames) -> str:
    """Return how far *bond* moved and the term that moved it most, in one line without an end."""
    head, first = bond_lines(bond, terms, names)[0].rstrip(":."), own_terms(bond, terms).head(1).to_dict("records")
    head = head.removeprefix("The bond of ")
    return f"{head} ({term_text(first[0], names)})" if first else head


def own_terms(bond: _Row, terms: pd.DataFrame) -> pd.DataFrame:
    """Return those of *terms* that moved *bond*."""
    own: pd.DataFrame = terms[(terms["consumer"] == bond["consumer"]) & (terms["brand"] == bond["brand"])]
    return own


def bond_lines(bond: _Row, terms: pd.DataFrame, names: NodeNames) -> list[str]:
    """Return how far *bond*, a row of ``BondChanges.bonds``, moved, and its largest terms, a line each."""
    ends = f"{names.text(CONSUMER, bond['consumer'])} and {names.text(BRAND, bond['brand'])}"
    verb = "rose" if bond["change"] > 0 else "fell"
    values = [f"{bond[name]:+.6g}" if bond[name] == bond[name] else "no bond" for name in ("before", "after")]
    head = f"The bond of {ends} {verb} by {abs(bond['change']):.6g}, from {values[0]} to {values[1]}"
    own = own_terms(bond, terms)
    shown = own.head(_PARTS).to_dict("records")
    lines = [f"{head}:" if shown or bond["unexplained"] else f"{head}."]
    lines += [f"  {term_text(term, names)}" for term in shown]
    if len(own) > len(shown):
        rest = own["change"].iloc[_PARTS:].sum()
        lines.append(f"  {rest:+.6g} by {count_text(len(own) - len(shown), 'other term')}")
    if bond["unexplained"]:
        lines.append(f"  {bond['unexplained']:+.6g} {_CANNOT_TELL}")
    return lines


def term_text(term: _Row, names: NodeNames) -> str:
    """Return one term of a bond's change, a row of ``BondChanges.terms``, with its share where it is a part."""
    share = f" ({term['share']:.0%} of the change)" if 0 <= term["share"] < 1 else ""
    if term["reason"] == REASONS[DECAYED]:
        return f"{term['change']:+.6g} decayed, of {count_text(int(term['events']), 'earlier event')}{share}"
    sign = (term["after"] or term["before"]) * term["relation"]
    line = change_sentence(
        {**term, "start": term["before"], "end": term["after"], "points": sign}, term["brand"], names
    )
    return f"{line} [{term['event_id']}]{share}"


def unusual_sentences(causes: pd.DataFrame, names: NodeNames) -> list[str]:
    """Return what is far beyond what was usual before; where nothing is or that cannot be told, this."""
    tested = causes[causes["unusual"].notna()]
    if tested.empty:
        if not (causes["reason"] == REASONS[NEW]).any():
            return []
        return ["Whether this is unusual cannot be told: the records reach back less than seven times as far."]
    found = tested[tested["unusual"].astype(bool)].sort_values("q_value").head(_PARTS).to_dict("records")
    return [_unusual_text(cause, names) for cause in found] or [
        "That any of it is out of the ordinary is not shown: neither more events nor larger ones than chance explains."
    ]


def _unusual_text(cause: _Row, names: NodeNames) -> str:
    events = count_text(cause["events"], f"new {str(cause['kind']).replace('_', ' ')} event".replace("  ", " "))
    who = f" of {names.text(CONSUMER, cause['largest_consumer'])}" if cause["events"] == 1 else ""
    brand = names.text(BRAND, cause["brand"])
    usual = f"{cause['usual']:.2g} in as long a time were usual"
    large = f"largest {cause['largest_change']:+.6g}, q = {cause['q_value']:.2g}"
    return f"Out of the ordinary: {events}{who} on {brand}, {cause['change']:+.6g} points; {usual} ({large})."
