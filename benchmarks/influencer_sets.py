"""The search for influencers on public sets: as they are, with ties reversed, and with whom one follows dealt anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.influencers.evidence import AFTER, BEFORE, E, O
from influence_graph.analyses.influencers.find import find_influencers
from influence_graph.analyses.influencers.inputs import read
from influence_graph.analyses.influencers.strata import in_strata
from influence_graph.model.parameters import InfluencerParameters

if TYPE_CHECKING:
    from collections.abc import Iterator

_SET = tuple[pd.DataFrame, pd.DataFrame]


def looked_at(folder: str, shuffles: int) -> Iterator[str]:
    """Yield a line per set and kind of ties."""
    rng = np.random.default_rng(1)
    for name, (ties, acts) in sets(Path(folder)):
        yield f"{name}: {len(ties):,} ties, {len(acts):,} actions"
        yield f"  as it is: {_told(ties, acts)}"
        yield f"  reversed: {_told(ties.rename(columns={'source': 'target', 'target': 'source'}), acts)}"
        found = [_found(_dealt(ties, rng), acts) for _ in range(shuffles)]
        yield f"  ties dealt anew: somebody found in {sum(n > 0 for n in found)} of {shuffles}"


def sets(folder: Path) -> Iterator[tuple[str, _SET]]:
    """Yield ties (source sees target) and actions of each set."""
    ciao = pd.read_csv(folder / "ciao_tang" / "ciao_ratings_36065.csv")
    trust = pd.read_csv(folder / "ciao_tang" / "ciao_trust_57544.csv")
    acts = ciao.rename(columns={"product": "item", "epoch": "time"})[["user", "item", "time"]]
    yield "Ciao", (trust.set_axis(["source", "target"], axis=1), acts)
    android = folder / "stackexchange_android"
    edges = pd.read_csv(android / "edges.txt", header=None, names=["source", "target"])
    lines = (android / "cascades.txt").read_text().splitlines()
    rows = [
        (int(user), n, float(at))
        for n, line in enumerate(lines)
        for user, at in (
            pair.split() for pair in [f"{line.split()[0]} 0", *line.split(" ", 1)[1].split(",")] if pair.strip()
        )
    ]
    yield "android", (edges, pd.DataFrame(rows, columns=["user", "item", "time"]))
    twitter = folder / "twitter_topolstm_cascades"
    edges = pd.read_csv(twitter / "graph.txt", sep=r"\s+", header=None, names=["source", "target"])
    lines = [line for part in ("train.txt", "test.txt") for line in (twitter / part).read_text().splitlines()]
    rows = []
    for n, line in enumerate(lines):
        words = line.split()[1:]
        rows += [(int(user), n, float(at)) for user, at in zip(words[::2], words[1::2], strict=True)]
    yield "Twitter", (edges, pd.DataFrame(rows, columns=["user", "item", "time"]))


def _told(ties: pd.DataFrame, acts: pd.DataFrame) -> str:
    inputs = read(ties, acts, None, None)
    _, evidence, resolution = in_strata(inputs, InfluencerParameters(), None, 1, None)
    parts = []
    for b, days in enumerate(("to 30 days", "to 90")):
        sums = evidence.sums[:, b].sum(axis=0)
        ratios = [sums[side, O] / max(sums[side, E], 1e-9) for side in (BEFORE, AFTER)]
        parts.append(f"{days}: {ratios[0]:.2f} before, {ratios[1]:.2f} after")
    result = find_influencers(ties, acts)
    status = result.table["status"].value_counts().to_dict()
    return f"{'; '.join(parts)}; resolution {resolution}; mirrored {result.mirrored}; {status}"


def _found(ties: pd.DataFrame, acts: pd.DataFrame) -> int:
    return len(find_influencers(ties, acts).found)


def _dealt(ties: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return ties in which everybody sees, and is seen by, as many as before, loops and repeats aside."""
    dealt = ties.assign(target=rng.permutation(ties["target"].to_numpy()))
    return dealt[dealt["source"] != dealt["target"]].drop_duplicates()
