"""Terms of a Fusion Score in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Term = Mapping[Any, Any]


def term_sentence(term: Term, brand: str) -> str:
    """Return one term of *brand*'s bond (a row of ``Explanation.contributions``) as a line."""
    text = f"{term['contribution']:+.6g} on {term['at']:%Y-%m-%d}: {_deed(term)}"
    faded = f"faded to {term['decay']:.1%}" if term["decay"] < 1 else ""
    if term["term"] == "spillover":
        text += f", and {abs(term['share']):.4g} of that {term['points']:+.6g} came here {_because(term, brand)}"
        return f"{text}; {faded}" if faded else text
    return f"{text}; {term['points']:+.6g} on its day, {faded}" if faded else text


def change_sentence(term: Term, brand: str) -> str:
    """Return what one term of *brand*'s bond (a row of ``ScoreChange.terms``) did to the score as a line."""
    moved = f", from {term['start']:+.6g} to {term['end']:+.6g}"
    what = {
        "faded": f"faded{moved}",
        "shared otherwise": f"shared otherwise{moved}",
        "replaced": f"replaced by {term['by']}",
        "taken back": f"taken back by {term['by']}",
    }.get(term["reason"], term["reason"])
    text = f"{term['change']:+.6g} {what}: on {term['at']:%Y-%m-%d} {_deed(term)}"
    return f"{text}, which came here {_because(term, brand)}" if term["term"] == "spillover" else text


def _deed(term: Term) -> str:
    """Return who did what, in which direction."""
    other, kind = term["via"], str(term["kind"]).replace("_", " ") or "an interaction"
    good = term["points"] >= 0
    if term["direction"] == "to_brand":
        did = f"the consumer {'gave' if good else 'turned away'}"
        return f"{did}{(' to ' if good else ' from ') + other if other else ''} ({kind})"
    return f"{other or 'the brand'} {'gave' if good else 'let the consumer down'} ({kind})"


def _because(term: Term, brand: str) -> str:
    rivals = "reversed, as of a rival, " if term["relation"] < 0 else ""
    return f"{rivals}because {brand} was worn or named together with {term['via']}"
