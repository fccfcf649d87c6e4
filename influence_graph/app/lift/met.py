"""Which segments met a campaign in part, or another campaign of the brand: they are compared with nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from influence_graph.analyses.lift.exposure import Sights
    from influence_graph.app.lift.campaigns import Campaign

    Flags = NDArray[np.bool_]

SEES, SEES_ANOTHER, ANOTHER = "ties to the treated", "ties to another campaign", "another campaign"
"""Why a segment is no donor: its people see somebody there, or it is one of another campaign."""
COLUMNS = ("segment", "people", "seeing", "share", "left_out")


@dataclass(frozen=True, eq=False)
class Met:
    """Who met what.

    Attributes:
        frame: segment, people, seeing, share and left_out; see
            :attr:`~influence_graph.analyses.lift.campaign_result.CampaignLift.exposure`.
        notes: What is to be known of it, a sentence each.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """The segments that are no donors."""
        return tuple(self.frame.loc[self.frame["left_out"] != "", "segment"])

    def sentences(self) -> list[str]:
        """Return in words which segments are no donors, and why."""
        out = self.frame[self.frame["left_out"] != ""]
        parts = [f"{', '.join(rows['segment'])} ({why})" for why, rows in out.groupby("left_out", sort=False)]
        return [f"Not compared with {'; '.join(parts)}."] if parts else []


def met(
    units: Sequence[str], treated: Sequence[str], near: Sequence[Campaign], sights: Sights | None, limit: float
) -> Met:
    """Return which of *units* met a campaign in part, or another one.

    Args:
        units: Segments of what is counted.
        treated: Those of the campaign.
        near: Other campaigns of the brand whose declared days overlap with its own.
        sights: Who sees whom; None: it is not known.
        limit: Share of a segment's people who see somebody of a treated one, from which on it met the campaign.
    """
    of = np.array([[name in treated for name in units], *([each.is_of(name) for name in units] for each in near)])
    people, seeing = _seeing(units, of, sights)
    share = seeing / np.maximum(people, 1)
    sees = share >= limit
    another, tied = (np.logical_or.reduce(each[1:], axis=0) for each in (of, sees))
    reasons = ["" if own else _reason(*each) for own, *each in zip(of[0], sees[0], another, tied, strict=True)]
    values = {"segment": list(units), "people": people, "seeing": seeing[0], "share": share[0], "left_out": reasons}
    frame = pd.DataFrame(values, columns=list(COLUMNS))
    if sights is None:
        return Met(frame, ("Who sees whom across segments is not on record: no segment is left out for it.",))
    also = _named(units, of[0] & tied & ~another)
    return Met(frame, (f"People of {also} see those of another campaign of these days.",) if also else ())


def _seeing(units: Sequence[str], of: Flags, sights: Sights | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many people each of *units* has, and how many of them see somebody of each campaign's segments."""
    if sights is None:
        return np.zeros(len(units), np.int64), np.zeros(of.shape, np.int64)
    place = pd.Index(sights.segments).get_indexer(pd.Index(list(units)))  # -1 for one without people: a column of none
    asked = np.zeros((len(of), len(sights.segments) + 1), np.bool_)
    asked[:, place] = of
    found = np.pad(sights.seeing(asked[:, :-1]), ((0, 0), (0, 1)))
    return np.append(sights.sizes, 0)[place], found[:, place]


def _reason(sees: bool, another: bool, tied: bool) -> str:
    why = [SEES] if sees else []
    why += [ANOTHER] if another else [SEES_ANOTHER] if tied else []
    return ", ".join(why)


def _named(units: Iterable[str], which: Flags) -> str:
    return ", ".join(name for name, hit in zip(units, which, strict=True) if hit)
