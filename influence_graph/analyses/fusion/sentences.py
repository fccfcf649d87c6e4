"""Terms of a Fusion Score in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Term = Mapping[Any, Any]


def term_sentence(term: Term, brand: str) -> str:
    """Return one term of *brand*'s bond (a row of ``Explanation.contributions``) as a line."""
    text = f"{term['contribution']:+.6g} on {term['at']:%Y-%m-%d}: {_event_text(term)}"
    faded = f"faded to {term['decay']:.1%}" if term["decay"] < 1 else ""
    if term["term"] == "spillover":
        text += f", and {abs(term['share']):.4g} of that {term['points']:+.6g} came here {_origin_text(term, brand)}"
        return f"{text}; {faded}" if faded else text
    return f"{text}; {term['points']:+.6g} on its day, {faded}" if faded else text


def change_sentence(term: Term, brand: str) -> str:
    """Return the change of one term of *brand*'s bond (a row of ``ScoreChange.terms``) as a line."""
    values = f", from {term['start']:+.6g} to {term['end']:+.6g}"
    reason = {
        "faded": f"faded{values}",
        "shared otherwise": f"shared otherwise{values}",
        "replaced": f"replaced by {term['by']}",
        "taken back": f"taken back by {term['by']}",
    }.get(term["reason"], term["reason"])
    text = f"{term['change']:+.6g} {reason}: on {term['at']:%Y-%m-%d} {_event_text(term)}"
    return f"{text}, which came here {_origin_text(term, brand)}" if term["term"] == "spillover" else text


def _event_text(term: Term) -> str:
    """Return who acted toward whom, and how."""
    other, kind = term["via"], str(term["kind"]).replace("_", " ") or "an interaction"
    positive = term["points"] >= 0
    if term["direction"] == "to_brand":
        action = f"the consumer {'gave' if positive else 'turned away'}"
        return f"{action}{(' to ' if positive else ' from ') + other if other else ''} ({kind})"
    return f"{other or 'the brand'} {'gave' if positive else 'let the consumer down'} ({kind})"


def _origin_text(term: Term, brand: str) -> str:
    reversed_ = "reversed, as of a rival, " if term["relation"] < 0 else ""
    return f"{reversed_}because {brand} was worn or named together with {term['via']}"
