"""The result: the case of one person, in frames and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from influence_graph.analyses.brand.view import plain
from influence_graph.analyses.influencers import case_words as words
from influence_graph.analyses.influencers.case_parts import CaseParts
from influence_graph.analyses.result import Displayed
from influence_graph.model.names import NO_NAMES, NodeNames


@dataclass(frozen=True, eq=False, repr=False)
class InfluencerCase(CaseParts, Displayed):
    """What speaks for it that a person moves others, and what against it.

    Attributes:
        person: Id of the person.
        status: ``found``, ``none found``, ``or another``, ``ahead of a trend``, ``rests on one`` or ``cannot be
            tested``.
        reason: In words, where it is neither of the first two.
        figures: By name, None where not known: tested (people who can be), audience (how many see the person), items,
            before and after (adoptions of the audience earlier and later than the person's own, where somebody is left
            to compare with), elsewhere_before and elsewhere (what it would have been at the rate of comparable people
            who do not see the person), expected (elsewhere, times the taste that the audience showed before),
            without_comparison (later adoptions that nobody is left to compare with), caused with caused_low and
            caused_high (95 %; of the found), p, q, p_without_others, p_without_one (the larger of p_without_follower
            and p_without_item; follower and item say which), gamma and e_value (of the found), half_life_days
            with half_life_low and half_life_high (95 %; of the found), again (how often those who came after dealt
            with the same again), last_days (after the person, when that was last).
        style: How the person moves others; ``cannot be told`` without a test or records of what was spoken of.
        items: What the person took up: item, at, spoken_days (after that until the person first spoke of it), before,
            after, expected, elsewhere, without_comparison, first_days and median_days until somebody followed,
            p_without (p without this item).
        audience: Who of the audience took up any of it: id, after, before, first_days, median_days, p_without.
        followers: Each later adoption: item, id, at (the person), their_at, days between, others (how many others the
            follower had seen with it before).
        second_hand: Who does not see the person, but took it up after a follower whom they see: item, id, follower,
            days after the person.
        curve: By bins of lags: from_days, to_days, before, expected_before, elsewhere_before, after, expected_after
            (Cox score: what the audience's share of those at risk would be), elsewhere, expected, excess (after beyond
            expected), watched (share of the bin that the records cover), p.
        others: Who else the followers had seen with it: id, status, reached (later adoptions), already (of these,
            before the person took it up), p_without (p without the pairs that a found one had reached already).
        checks: Each pattern that would disprove it: check, speaks (``for`` or ``against`` the person, or ``cannot
            tell``), p, seen and usual (adoptions), share (after, of those near in time who cannot see the person).
        trial: Items to give, and as many to withhold, in a randomized test that would see the effect as estimated,
            and the low end of its interval; None where it is 0 or not known.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph.
    """

    @property
    def compared(self) -> int:
        """Adoptions of the audience, before and after, that can be compared."""
        return int(self.curve["before"].sum() + self.curve["after"].sum())

    def to_frame(self) -> pd.DataFrame:
        """Return person, measure and value, one row per figure; missing where it is not known."""
        rows = [("status", self.status), ("reason", self.reason), ("style", self.style.style), *self.figures.items()]
        return pd.DataFrame([(self.person, *row) for row in rows], columns=["person", "measure", "value"]).astype(
            {"value": object}
        )

    def sections(self, names: NodeNames = NO_NAMES) -> dict[str, list[str]]:
        """Return the case as sentences, by heading, with *names* beside ids where they are known."""
        return {
            "What is said": words.verdict(self, names),
            "Who came after": words.came_after(self, names),
            "Before and after": words.before_and_after(self, names),
            "Who else explains it": words.others(self, names),
            "How": words.style(self, names),
            "What would disprove it": words.checks(self, names),
            "What to do next": words.next_steps(self, names),
        }

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return all sentences of :meth:`sections`."""
        return [line for lines in self.sections(names).values() for line in lines]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values; null where it is not known."""
        values: dict[str, Any] = plain(self)
        return values

    def _figures(self) -> Mapping[str, object]:
        named = ("audience", "after", "expected")
        return {"person": self.person, "status": self.status, **{name: self.figures[name] for name in named}}
