"""The case of one person in words, each claim only as far as the records carry it."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

import pandas as pd

from influence_graph.analyses.influencers.amount import SENSITIVE
from influence_graph.analyses.influencers.evidence import LEAST_TESTED
from influence_graph.analyses.influencers.pairs import span_text
from influence_graph.analyses.influencers.prior import LEAST_BEFORE
from influence_graph.analyses.influencers.result import AHEAD, FOUND, NONE, ONE, OTHER, UNTESTED
from influence_graph.analyses.influencers.style import ACTIVE, PASSIVE
from influence_graph.analyses.influencers.trend import TREND_DAYS
from influence_graph.analyses.influencers.trial import LEVEL, POWER
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from influence_graph.analyses.influencers.case_parts import CaseParts
    from influence_graph.model.names import NodeNames

_NAMED = 3
_WHOLE = 10  # from here on without decimals
NO_PROOF = "This is no proof: a taste that nobody recorded can look the same. A randomized test can tell."
_P = (
    "",
    "of so many",
    "of what came after, given that,",
    "of what came before, read so,",
    "without that one",
    "without those",
)
_SPEAKS = {"for": "It does not look so", "against": "It looks so", "cannot tell": "The records cannot tell"}


def _short(case: CaseParts, names: NodeNames) -> str:
    return names.of(CONSUMER, case.person) or case.person


def verdict(case: CaseParts, names: NodeNames) -> list[str]:
    """Return what is said of the person, and how much."""
    who = names.text(CONSUMER, case.person)
    if case.status == UNTESTED:
        return [
            f"Whether {who} moves others cannot be tested: {case.reason}.",
            "That does not mean no: what is known follows.",
        ]
    lines = {
        FOUND: f"{who} was found: those who see {_short(case, names)} take things up afterwards more often than chance "
        "and what they took up before explain.",
        NONE: f"{who} was not found: what came after is not clearly more than would have come anyway"
        f"{f'; {case.reason}' if case.reason else ''}. That does not show that nobody is moved.",
        OTHER: f"It cannot be told whether it is {who} or {_other(case, names)}.",
        AHEAD: f"{who} was not found, but is ahead of a trend: {case.reason}. So those who see "
        f"{_short(case, names)} may take it up for the reason that those others do.",
        ONE: f"{who} was not found: it rests on one follower or one item; {case.reason}.",
    }
    hidden = _hidden(case) if case.status == FOUND else []
    by_chance = [_by_chance(case)] if case.status == NONE else []
    return [lines[case.status], _amount(case), *by_chance, *hidden, NO_PROOF]


def _other(case: CaseParts, names: NodeNames) -> str:
    """Return who else it may be, and why."""
    rival, p = case.figures["rival"], case.figures["p_without_others"]
    other = "somebody else" if rival is None else names.text(CONSUMER, rival)
    return other if p is None else f"{other}: without those whom others had reached already p is {p:.2g}"


def _amount(case: CaseParts) -> str:
    """Return how much came after, and of the found how much of it is more than expected."""
    known = case.figures
    many = count_text(known["after"], "adoption")
    compared = " that can be compared" if known["without_comparison"] else ""
    usual = f"{known['expected']:,.1f} would be expected anyway"
    if case.status == FOUND:
        caused, low, high = (f"{known[name]:,.0f}" for name in ("caused", "caused_low", "caused_high"))
        anyway = known["after"] - known["caused"]
        usual = f"{anyway:,.0f} of these would have come anyway, {caused} would not: 95 % from {low} to {high}"
    levels = f"p = {known['p']:.2g} at first sight, q = {known['q']:.2g} with all doubts below counted"
    return f"{many}{compared} came after, {usual}. {levels}; found are those up to q = {case.parameters['fdr']:g}."


def _by_chance(case: CaseParts) -> str:
    known = case.figures
    chance = known["p"] * known["tested"]
    number = f"{chance:,.0f}" if chance >= _WHOLE else f"{chance:,.1f}"
    who = count_text(known["tested"], "person", "people")
    return f"Of {who} tested, {number} would have a p this low by chance alone."


def _hidden(case: CaseParts) -> list[str]:
    """Return how strong a hidden cause would have to be."""
    known = case.figures
    lines = [
        f"To explain it (p above {SENSITIVE:g}), a hidden taste would have to make the audience {known['gamma']:.2g} "
        "times as likely to take these things up afterwards, on top of what it showed before (Γ*)."
    ]
    if known["caused_low"] > 0:
        lines.append(
            f"A hidden cause would have to go with seeing this person and with taking things up, each "
            f"{known['e_value']:.2g}-fold, to explain the low end of what is more (E-value)."
        )
    return lines


def came_after(case: CaseParts, names: NodeNames) -> list[str]:
    """Return what the person took up when, and who followed after how long."""
    who, followers = _short(case, names), case.followers
    if case.items.empty:
        return [f"{who} took up nothing on record."]
    first = [f"{names.text(BRAND, row.item)} {_at(row.at)}" for row in case.items.head(_NAMED).itertuples()]
    more = len(case.items) - len(first)
    took = f"{who} took up {count_text(len(case.items), 'thing')}: {', '.join(first)}"
    lines = [f"{took}{f' and {more:,} more' if more else ''}.", *_said(case, who)]
    sees = count_text(case.figures["audience"], "person sees", "people see")
    if followers.empty:
        return [*lines, f"{sees} {who}; nobody of them took any of it up later."]
    people = followers["id"].nunique()
    listed = followers.drop_duplicates("id").head(_NAMED)
    shown = [
        f"{names.text(CONSUMER, row['id'])} with {names.text(BRAND, row['item'])} after {span_text(row['days'])}"
        for row in listed.to_dict("records")
    ]
    some = f"{people:,} of them took any of it up later, {count_text(len(followers), 'time')} in all"
    lines.append(f"{sees} {who}; {some}. The first: {'; '.join(shown)}.")
    half, last = float(followers["days"].median()), float(followers["days"].iloc[-1])
    lines.append(f"Half of these came within {span_text(half)}, the last after {span_text(last)}.")
    again = case.figures["again"]
    if again:
        until = span_text(case.figures["last_days"])
        lines.append(f"They dealt with the same again {count_text(again, 'time')}, the last {until} after {who}.")
    if len(case.second_hand):
        row = case.second_hand.iloc[-1]
        many = count_text(case.second_hand["id"].nunique(), "person", "people")
        last_one = f"{names.text(CONSUMER, row['id'])} with {names.text(BRAND, row['item'])}, {span_text(row['days'])}"
        via = names.text(CONSUMER, row["follower"])
        lines.append(
            f"{many} took it up after one of these whom they see, without seeing {who}; the last is {last_one} after "
            f"{who}, by way of {via}."
        )
    return lines


def _at(at: object) -> str:
    if at is None or pd.isna(at):  # type: ignore[call-overload]
        return ""
    return f"on {at:%Y-%m-%d}" if isinstance(at, pd.Timestamp) else f"at {at:g} s"


def _said(case: CaseParts, who: str) -> list[str]:
    if not case.parameters["spoken"]:
        return []
    spoke = int(case.items["spoken_days"].notna().sum())
    return [f"{who} spoke of {f'{spoke:,}' if spoke else 'none'} of these, as far as the records tell."]


def before_and_after(case: CaseParts, names: NodeNames) -> list[str]:
    """Return how much more the audience took up than others, before and after."""
    who, known, curve = _short(case, names), case.figures, case.curve
    if not known["audience"] or case.items.empty:
        return [f"There is nothing to compare before and after {who}."]
    lines = []
    if known["without_comparison"]:
        many = count_text(known["without_comparison"], "later adoption")
        lines.append(f"{many} cannot be compared: all comparable people who had not taken it up yet see {who}.")
    for word, seen, usual in (("Before", "before", "expected_before"), ("After", "after", "expected_after")):
        lines.append(
            f"{word} {who}, of the adoptions that can be compared {known[seen]:,} were by those who see {who}; by "
            f"their share of those who might have, {curve[usual].sum():,.1f} would be."
        )
    if known["expected"] is not None:
        line = f"At the rate of those who do not see {who}, and with the taste shown before, {known['expected']:,.1f}"
        lines.append(f"{line} would be{_left(case)}.")
    best = curve[curve["p"] <= SENSITIVE]
    if len(best) and case.status == FOUND:
        lines.append(f"It is clearest {'; '.join(_bin(row) for row in best.head(_NAMED).to_dict('records'))}.")
    if known["half_life_days"] is not None:
        low, high = known["half_life_low"], known["half_life_high"]
        within = f"at least {span_text(low)}: the records are too short to tell the end"
        if not isinf(high):
            within = f"{span_text(known['half_life_days'])}, 95 % from {span_text(low)} to {span_text(high)}"
        lines.append(f"Half of those who follow do so within {within}.")
    return lines


def _left(case: CaseParts) -> str:
    """Return why fewer than expected would have come anyway."""
    known = case.figures
    if case.status != FOUND or known["after"] - known["caused"] >= known["expected"] - 1:
        return ""
    left = f"{known['after'] - known['caused']:,.0f}"
    return f"; as in no span of time more can have come anyway than came, {left} are counted so"


def _bin(row: Mapping[Hashable, float]) -> str:
    to = f"to {row['to_days']:,.0f} days" if row["to_days"] < float("inf") else "days on"
    return f"{row['from_days']:,.0f} {to} after: {row['after']:,.0f}, expected {row['expected']:,.1f}"


def others(case: CaseParts, names: NodeNames) -> list[str]:
    """Return whom else the followers had seen with it, and whether found ones explain it."""
    who, followers, known = _short(case, names), case.followers, case.figures
    if followers.empty:
        return ["Nobody came after, so there is nothing to explain."]
    seen = int((followers["others"] > 0).sum())
    times = count_text(len(followers), "later adoption")
    if not seen:
        return ["Nobody of those who came after is on record to have seen anybody else with it."]
    most = [
        f"{names.text(CONSUMER, row.id)} ({row.reached:,}, {row.already:,} of them before {who})"
        for row in case.others.head(_NAMED).itertuples()
    ]
    lines = [f"In {seen:,} of {times} the follower had seen somebody else with it, too; most often {', '.join(most)}."]
    rivals = case.others[case.others["p_without"].notna()].sort_values("p_without", ascending=False, kind="stable")
    for row in rivals.head(_NAMED).itertuples():
        lines.append(
            f"Without those whom {names.text(CONSUMER, row.id)} ({row.status}) had reached already, p is "
            f"{row.p_without:.2g}."
        )
    if known["p_without_others"] is not None:
        lines.append(f"Without those whom any found person had reached, p is {known['p_without_others']:.2g}.")
    return lines


def style(case: CaseParts, names: NodeNames) -> list[str]:
    """Return how the person moves others, and why that is said."""
    who, found = _short(case, names), case.style
    if case.status != FOUND:
        return [f"How {who} moves others is not asked, as it is not shown that {who} does."]
    if not case.parameters["spoken"]:
        return [f"Whether {who} speaks of it cannot be told: there are no records of what people spoke of."]
    spoke = int(case.items["spoken_days"].notna().sum())
    parts = []
    if spoke:
        parts.append(f"on the {spoke:,} that {who} spoke of, from then on, p is {found.spoken_p:.2g}")
    if spoke < len(case.items):
        parts.append(f"on the {len(case.items) - spoke:,} never spoken of p is {found.unspoken_p:.2g}")
    share = f"; {_share(found.spoken_share)} of what is more came after speaking" if spoke else ""
    why = f"{' and '.join(parts)}{share}"
    says = {
        ACTIVE: f"{who} moves others by speaking of it (active): {why}.",
        PASSIVE: f"{who} moves others without a word (passive): {why}.",
    }
    return [says.get(found.style, f"Whether {who} moves others by speaking or by doing cannot be told: {why}.")]


def _share(share: float) -> str:
    return "nothing" if pd.isna(share) else f"{share:.0%}"


def checks(case: CaseParts, names: NodeNames) -> list[str]:
    """Return each pattern that would disprove it, and what the records show."""
    who = _short(case, names)
    patterns = [str(check).replace("this person", who) for check in case.checks["check"]]
    if case.status == UNTESTED:
        return [f"It would not be {who} if {'; or if '.join(patterns)}. These records cannot tell."]
    lines = []
    for pattern, of_what, row in zip(patterns, _P, case.checks.to_dict("records"), strict=True):
        detail = []
        if not pd.isna(row["share"]):
            near = f"who cannot see {who} and took it up within {TREND_DAYS:g} days before or after did so after"
            detail.append(f"{row['share']:.0%} of those {near}, p = {row['p']:.2g}")
        elif not pd.isna(row["p"]):
            detail.append(f"p {of_what} = {row['p']:.2g}")
        if not pd.isna(row["seen"]):
            detail.insert(0, f"{row['seen']:,.0f} seen, {row['usual']:,.1f} at the rate of others")
        shown = f" ({'; '.join(detail)})" if detail else ""
        lines.append(f"It would not be {who} if {pattern}. {_SPEAKS[row['speaks']]}{shown}.")
    return lines


def next_steps(case: CaseParts, names: NodeNames) -> list[str]:
    """Return what to do next."""
    who = _short(case, names)
    lines = []
    if case.status == UNTESTED:
        lines.append(
            f"To test {who} from records takes more of what {who} and comparable people took up, above all of such who "
            f"do not see {who}: {LEAST_TESTED:g} adoptions after {who} must be expected by chance, and {LEAST_BEFORE} "
            "of all records must have come before somebody whom their people see."
        )
    lines.append(
        f"A randomized test can tell: choose things that {who} does not have, draw half of them by lot, give these to "
        f"{who}, keep the other half back, and count who of those who see {who} takes up which."
    )
    estimate, low = case.trial
    if estimate is not None and case.status == FOUND:
        upper = f", {low:,} if it is at the low end of its interval" if low not in (None, estimate) else ""
        lines.append(
            f"An effect as large as estimated takes at least {estimate:,} things in each half{upper}, each watched as "
            f"long as here (two Poisson rates, two-sided {LEVEL:g}, power {POWER:.0%}; Gu et al. 2008)."
        )
    if case.style.style == PASSIVE and case.status == FOUND:
        lines.append(f"Give it to {who} to use; do not ask for a post: {who} moves others without a word.")
    return lines
