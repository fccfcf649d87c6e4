"""Terms of a Fusion Score as plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from influence_graph.model.names import BRAND, CONSUMER, NO_NAMES, NodeNames

Term = Mapping[Any, Any]


def path_text(term: Term, consumer: str, brand: str, names: NodeNames = NO_NAMES) -> str:
    """Return who acted toward whom in a term of the bond of *consumer* and *brand*, and where it spilled over."""
    here, origin = names.text(CONSUMER, consumer), names.text(BRAND, term["via"] or brand)
    ends = (here, origin) if term["direction"] == "to_brand" else (origin, here)
    return " → ".join(ends) + (f" ⇢ {names.text(BRAND, brand)}" if term["via"] else "")


def term_sentence(term: Term, brand: str, names: NodeNames = NO_NAMES) -> str:
    """Return one term of *brand*'s bond (a row of ``Explanation.contributions``) as a line."""
    text = f"{term['contribution']:+.6g} on {term['at']:%Y-%m-%d}: {_event_text(term, names)}"
    if term["paid"]:
        text += ", for which the consumer was paid"
    if term["term"] == "spillover":
        share, link = f"{abs(term['share']):.4g}", f"{term['link_event']} on {term['link_at']:%Y-%m-%d}"
        text += f"; {share} of its {term['points']:+.6g} spilled over {_origin_text(term, brand, names)} ({link})"
        return f"{text}; decayed to {term['decay']:.1%}" if term["decay"] < 1 else text
    return f"{text}; decayed to {term['decay']:.1%} of {term['points']:+.6g}" if term["decay"] < 1 else text


def change_sentence(term: Term, brand: str, names: NodeNames = NO_NAMES) -> str:
    """Return the change of one term of *brand*'s bond (a row of ``ScoreChange.terms``) as a line."""
    values = f", from {term['start']:+.6g} to {term['end']:+.6g}"
    reason = {
        "decayed": f"decayed{values}",
        "share changed": f"share changed{values}",
        "replaced": f"replaced by {term['by']}",
        "retracted": f"retracted by {term['by']}",
        "revived": f"revived by {term['by']}, which took its correction back",
    }.get(term["reason"], term["reason"])
    text = f"{term['change']:+.6g} {reason}: on {term['at']:%Y-%m-%d} {_event_text(term, names)}"
    return f"{text}, which spilled over {_origin_text(term, brand, names)}" if term["term"] == "spillover" else text


def _event_text(term: Term, names: NodeNames) -> str:
    """Return the sign of an event, who acted toward whom, and its kind."""
    sign = "positive" if term["points"] > 0 else "negative" if term["points"] < 0 else "neutral"
    if term["term"] == "returned":
        giver = "the consumer" if term["direction"] == "to_brand" else "the brand"
        return f"what {giver} gave in return ({str(term['kind']).replace('_', ' ')})"
    via = names.text(BRAND, term["via"]) if term["via"] else ""
    if term["direction"] == "to_brand":
        parties = f"of the consumer with {via}" if via else "of the consumer"
    else:
        parties = f"from {via or 'the brand'}"
    kind = str(term["kind"]).replace("_", " ")
    return f"{sign} interaction {parties}" + (f" ({kind})" if kind else "")


def _origin_text(term: Term, brand: str, names: NodeNames) -> str:
    here, there = names.text(BRAND, brand), names.text(BRAND, term["via"])
    reversed_ = "with reversed sign, as of a rival, " if term["relation"] < 0 else ""
    return f"{reversed_}because {here} was worn or named together with {there}"
