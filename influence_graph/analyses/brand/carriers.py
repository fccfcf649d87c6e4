"""Who carries a brand: how its positive bond is spread over consumers, from the top to the long tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.concentration import dot, gini, lorenz, top_share
from influence_graph.analyses.intervals import Estimate, bootstrap, one, some, write

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP = 0.01
_SHOWN = 10


@dataclass(frozen=True, eq=False)
class Carriers:
    """How the sum of the bonds above 0 is spread; intervals resample these bonds.

    Attributes:
        count: Number of bonds above 0.
        total: Their sum.
        ordinary: Share of it from ordinary consumers: neither declared as influencers nor among the 1 %
            with the most followers; None too where neither people nor ties say who they are.
        long_tail: Share from all but the 1 % of strongest bonds.
        top: Share from the 10 % of strongest bonds.
        gini: Gini coefficient: 0 all alike, 1 all from one.
        strongest: consumer, fusion_score, share, influencer (True, False or None) of the ten strongest.
        lorenz: consumers, bond: the weakest share of consumers and what they bring together.
    """

    count: int
    total: float
    ordinary: Estimate | None
    long_tail: Estimate | None
    top: Estimate | None
    gini: Estimate | None
    strongest: pd.DataFrame
    lorenz: pd.DataFrame
    known: bool

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        said = [f"{some(self.count, 'bond')} above 0, together {write(self.total, '+')}."]
        if not self.known:
            said.append("Neither people nor ties say who is an influencer.")
        else:
            said.append(f"Ordinary consumers bring {one(self.ordinary, '{:.1%}')} of it.")
        said.append(f"All but the strongest 1 % bring {one(self.long_tail, '{:.1%}')}.")
        return [*said, f"The strongest 10 % bring {one(self.top, '{:.1%}')}; Gini {one(self.gini, '{:.2f}')}."]


def carriers(bonds: pd.DataFrame, influencers: frozenset[str] | None) -> Carriers:
    """Return who carries the positive bond; *bonds* has ``fusion_score`` by consumer."""
    good = bonds.loc[bonds["fusion_score"] > 0, "fusion_score"].sort_values(ascending=False, kind="stable")
    score = good.to_numpy(np.float64)
    noted = np.zeros(score.size, np.bool_) if influencers is None else good.index.isin(list(influencers))

    plain = np.where(noted, 0.0, score)

    def figures(drawn: NDArray[np.float64]) -> list[float]:
        ordinary = dot(drawn, plain) / max(dot(drawn, score), np.finfo(np.float64).tiny)
        shares = [top_share(drawn, score, part) for part in (TOP, 0.1)]
        return [ordinary, 1.0 - shares[0], shares[1], gini(drawn, score)]

    ordinary, long_tail, top, spread = bootstrap(score.size, figures)
    return Carriers(
        count=score.size,
        total=float(score.sum()),
        ordinary=None if influencers is None else ordinary,
        long_tail=long_tail,
        top=top,
        gini=spread,
        strongest=_strongest(good, None if influencers is None else noted),
        lorenz=lorenz(score),
        known=influencers is not None,
    )


def influencers_of(people: pd.DataFrame | None, ties: pd.DataFrame | None) -> frozenset[str] | None:
    """Return the declared influencers and the 1 % of people with the most followers; None where nothing tells.

    Followers are counted from ties of the kinds *follows* (the target is followed) and *friend* (both);
    without ties, ``followers`` of *people* counts.
    """
    told = people is not None and any(name in people and people[name].notna().any() for name in ("kind", "followers"))
    if not told and (ties is None or ties.empty):
        return None
    declared = set()
    if people is not None and "kind" in people:
        declared = set(people.loc[people["kind"] == "influencer", "id"])
    followers = _followers(people, ties)
    wanted = int(np.ceil(TOP * len(followers)))
    ranked = followers[followers > 0].sort_values(ascending=False, kind="stable")
    return frozenset(map(str, declared | set(ranked.index[:wanted])))


def _followers(people: pd.DataFrame | None, ties: pd.DataFrame | None) -> Any:  # noqa: ANN401 - a series by person
    if ties is None or ties.empty:
        known = people is not None and "followers" in people
        return people.set_index("id")["followers"].fillna(0) if known and people is not None else pd.Series(dtype=float)
    kind = ties["kind"].fillna("follows") if "kind" in ties else pd.Series("follows", index=ties.index)
    heard = [ties.loc[kind.isin(["follows", "friend"]), "target"], ties.loc[kind == "friend", "source"]]
    counted = pd.concat(heard).value_counts()
    everyone = pd.Index(pd.unique(pd.concat([ties["source"], ties["target"]]))).union(
        pd.Index([] if people is None else people["id"])
    )
    return counted.reindex(everyone, fill_value=0)


def _strongest(good: pd.Series, noted: NDArray[np.bool_] | None) -> pd.DataFrame:
    first = good.head(_SHOWN)
    known = [None] * len(first) if noted is None else noted[: len(first)].tolist()
    share = first / good.sum() if len(first) else first
    columns = {"consumer": first.index, "fusion_score": first.to_numpy(), "share": share.to_numpy()}
    return pd.DataFrame(columns).assign(influencer=pd.Series(known, dtype=object))
