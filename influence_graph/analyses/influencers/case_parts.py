"""What the case of one person is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from influence_graph.analyses.influencers.style import Style

CHECKS = (
    "those who cannot see this person take it up soon after, too",
    "those who see this person take it up no more than others do",
    "the audience takes it up more than others before this person does, too",
    "read backwards in time the records look the same",
    "it rests on one follower or one item",
    "others had reached the same people before",
)
"""Patterns that would disprove it."""


@dataclass(frozen=True, eq=False, repr=False)
class CaseParts:
    """The fields of :class:`~influence_graph.analyses.influencers.case_result.InfluencerCase`, which explains them."""

    person: str
    status: str
    reason: str | None
    figures: Mapping[str, Any]
    style: Style
    items: pd.DataFrame
    audience: pd.DataFrame
    followers: pd.DataFrame
    second_hand: pd.DataFrame
    curve: pd.DataFrame
    others: pd.DataFrame
    checks: pd.DataFrame
    trial: tuple[int | None, int | None]
    parameters: Mapping[str, Any]
    digest: str
