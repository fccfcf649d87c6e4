"""Whom a person moves and who moves the person: by the ties, by what was learned, and by who came after whom.

That one took up a brand after another does not prove that the other moved them: people who are alike do alike
(Shalizi & Thomas 2011, https://doi.org/10.1177/0049124111404820). So those who came before are counted, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.interactions.ledger import Ledger
from influence_graph.analyses.intervals import Estimate, estimate_text, wilson
from influence_graph.model.display import short_line
from influence_graph.model.names import BRAND, CONSUMER, NO_NAMES, NodeNames
from influence_graph.text import NOT_ON_RECORD, count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.interactions.meaning import Meaning

NOT_LEARNED = "not learned; run `influence-graph learn --write`"
_NAMED = 3
_DAY = 86_400.0  # seconds
_PEOPLE = ["id", "tie", "probability", "mean_delay", "after", "before", "brands"]


@dataclass(frozen=True, eq=False, repr=False)
class Circle:
    """The people around a person.

    Attributes:
        moves: Whom the person may move, the most likely first: id; tie (follows, friend, exposed: the other sees this
            person; "" where only learned); probability that influence passes and mean_delay (seconds), both learned,
            NaN where not; brands (of this person that the other took up, too), after and before (of these, later and
            earlier than this person).
        moved_by: Who may move the person, likewise; after and before: brands of the other that this person took up
            later and earlier.
        came_after: brand, id, at (when the person took it up), their_at (when the other did), days between; of those
            who may be moved, by time.
        echoes: brand, id, at of everything that those who may be moved did with the person's brands after the person
            had taken them up, by time; not part of the JSON.
        followed: Share of those whom the person may move who took up one of the person's brands later; None where
            too few, or nothing is dated.
        learned: Where probabilities are from: a run, or why there are none.
        tied: Whether ties or learned influence are on record at all, of anybody.
        declared: Number of followers that the records state; None where they do not.
        undated: Why who came after whom is not on record; "" where it is.
    """

    moves: pd.DataFrame
    moved_by: pd.DataFrame
    came_after: pd.DataFrame
    echoes: pd.DataFrame = field(metadata={"bulk": True})
    followed: Estimate | None
    learned: str
    tied: bool
    declared: int | None
    undated: str

    def __repr__(self) -> str:
        return short_line("Circle", {"moves": len(self.moves), "moved by": len(self.moved_by)})

    @property
    def followers(self) -> int:
        """Number of people with a tie by which they see this person."""
        return int((self.moves["tie"] != "").sum())

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the findings in words, with *names* beside ids where they are known."""
        stated = f"followers that the records state: {NOT_ON_RECORD if self.declared is None else f'{self.declared:,}'}"
        if not self.tied:
            return [f"Ties: {NOT_ON_RECORD} of anybody; {stated}."]
        sees, seen = count_text(self.followers, "person", "people"), int((self.moved_by["tie"] != "").sum())
        lines = [f"{sees} may be moved by ties; {count_text(seen, 'person', 'people')} may move this person; {stated}."]
        lines += [
            self._learned("Moves most", self.moves, names),
            self._learned("Is moved most by", self.moved_by, names),
        ]
        if self.probable.empty and not len(self.moved_by["probability"].dropna()):
            lines[1:] = [f"Probability of influence: {self.learned}."]
        return [*lines, *self._after(names)]

    @property
    def probable(self) -> pd.DataFrame:
        """The rows of ``moves`` with a learned probability above 0."""
        return self.moves[self.moves["probability"] > 0]

    def _learned(self, text: str, people: pd.DataFrame, names: NodeNames) -> str:
        best = people[people["probability"] > 0].head(_NAMED)
        if best.empty:
            return f"{text} nobody: no probability above 0 ({self.learned})."
        listed = [f"{names.text(CONSUMER, row.id)} ({row.probability:.1%})" for row in best.itertuples()]
        return f"{text}: {', '.join(listed)} ({self.learned})."

    def _after(self, names: NodeNames) -> list[str]:
        if self.undated:
            return [f"Who came after whom: {self.undated}."]
        if self.moves.empty:
            return []
        after, before = (int((self.moves[side] > 0).sum()) for side in ("after", "before"))
        of = count_text(len(self.moves), "person", "people")
        share = "" if self.followed is None else f", {estimate_text(self.followed, '{:.1%}')}"
        lines = [
            f"Of {of} whom this person may move, {after:,} took up one of the same brands later{share}; {before:,} had "
            "taken one up earlier. That they came later does not prove that they were moved."
        ]
        if len(self.came_after):
            row = self.came_after.iloc[0]
            who, brand = names.text(CONSUMER, row["id"]), names.text(BRAND, row["brand"])
            last, count = self.echoes["at"].iloc[-1], count_text(len(self.echoes), "time")
            lines.append(f"The first was {who}, {count_text(round(row['days']), 'day')} later, with {brand}.")
            lines.append(f"In all they dealt with these brands {count} later, the last on {last:%Y-%m-%d}.")
        return lines


@dataclass(frozen=True, eq=False)
class Around:
    """What is known of the people around a person, besides interactions.

    Attributes:
        ties: source, target, kind; None where there are none of anybody.
        learned: source, target, probability, mean_delay; None where nothing was learned.
        run: Where the learned probabilities are from.
        declared: Number of followers that the records state.
    """

    ties: pd.DataFrame | None
    learned: pd.DataFrame | None
    run: str
    declared: int | None


def circle(known: Ledger, meaning: Meaning, person: str, around: Around, undated: str) -> Circle:
    """Return the people around *person*.

    Args:
        known: What counts of everybody's interactions.
        meaning: What they mean.
        person: Id of the person.
        around: The ties, and what was learned.
        undated: Why who came after whom is not on record; "" where it is.
    """
    moves, moved_by = (people_of(person, around.ties, around.learned, moved=moved) for moved in (True, False))
    theirs = _acts(known, meaning, [*moves["id"], *moved_by["id"]])
    first = _first(_acts(known, meaning, [person])).set_index("brand")["at"]
    pairs = _pairs(first, theirs)
    later = pairs["their_at"] > pairs["at"]
    earlier = pairs["their_at"] < pairs["at"]
    after, before = (pairs[rows].groupby("id").size() for rows in (later, earlier))
    brands = pairs.groupby("id").size()
    moves = _counted(moves, after, before, brands)
    came = pairs[later & pairs["id"].isin(moves["id"])].sort_values(["their_at", "brand", "id"], ignore_index=True)
    echoes = theirs[theirs["id"].isin(moves["id"]) & (theirs["at"] > _times(theirs["brand"], first))]
    dated = 0 if undated else 1
    return Circle(
        moves=moves,
        moved_by=_counted(moved_by, before, after, brands),
        came_after=came.head(len(came) * dated),
        echoes=echoes.head(len(echoes) * dated).sort_values(["at", "brand", "id"], ignore_index=True),
        followed=wilson(int((moves["after"] > 0).sum()), len(moves)) if dated else None,
        learned=NOT_LEARNED if around.learned is None else around.run,
        tied=around.ties is not None or around.learned is not None,
        declared=around.declared,
        undated=undated,
    )


def _counted(
    people: pd.DataFrame, after: pd.Series[int], before: pd.Series[int], brands: pd.Series[int]
) -> pd.DataFrame:
    """Return *people* with the number of brands that they took up after and before, and in all; most likely first."""
    counts = {"after": after, "before": before, "brands": brands}
    columns = {name: people["id"].map(count).fillna(0).astype(int) for name, count in counts.items()}
    frame = people.assign(**columns)[_PEOPLE]
    order = ["probability", "after", "brands", "id"]
    return frame.sort_values(order, ascending=[False, False, False, True], ignore_index=True)


def _pairs(first: pd.Series, theirs: pd.DataFrame) -> pd.DataFrame:
    """Return brand, id, at, their_at and days between, where one of *theirs* took up a brand of the *first*, too."""
    both = _first(theirs[theirs["brand"].isin(first.index)]).rename(columns={"at": "their_at"})
    at = _times(both["brand"], first)
    pairs = pd.DataFrame({"brand": both["brand"], "id": both["id"], "at": at, "their_at": both["their_at"]})
    return pairs.assign(days=(pairs["their_at"] - at).dt.total_seconds() / _DAY)


def _times(brand: pd.Series, first: pd.Series) -> pd.Series:
    """Return the time in *first* of each brand, NaT where there is none."""
    times: pd.Series = first.reindex(pd.Index(brand)).set_axis(brand.index)
    return times


def _acts(known: Ledger, meaning: Meaning, people: list[str]) -> pd.DataFrame:
    """Return brand, id and at of everything that each of *people* did for or against a brand."""
    wanted = np.isin(known.consumer.names, people)
    rows: NDArray[np.bool_] = meaning.acts() & wanted[known.consumer.codes]
    return pd.DataFrame(
        {
            "brand": known.brand.names[known.brand.codes[rows]],
            "id": known.consumer.names[known.consumer.codes[rows]],
            "at": pd.to_datetime(known.at[rows], unit="us", utc=True),
        }
    )


def _first(acts: pd.DataFrame) -> pd.DataFrame:
    """Return brand, id and the time of the first of *acts* of each pair."""
    return acts.groupby(["brand", "id"])["at"].min().reset_index()


def people_of(person: str, ties: pd.DataFrame | None, learned: pd.DataFrame | None, *, moved: bool) -> pd.DataFrame:
    """Return whom *person* may move (*moved*), or who may move the person: id, tie, probability, mean_delay.

    Influence runs from the followed to the follower, from who is seen to who is exposed, and between friends both
    ways; learned influence from source to target.
    """
    parts = [_tied(person, ties, moved=moved)] if ties is not None and len(ties) else []
    frame = pd.concat(parts) if parts else pd.DataFrame({"id": [], "tie": []}, dtype=object)
    frame = frame.groupby("id")["tie"].agg(lambda kinds: ", ".join(sorted(set(kinds)))).reset_index()
    if learned is None:
        return frame.assign(probability=np.nan, mean_delay=np.nan)
    own, other = ("source", "target") if moved else ("target", "source")
    rows = learned[(learned[own] == person) & (learned["probability"] > 0)]
    rows = rows[[other, "probability", "mean_delay"]].rename(columns={other: "id"})
    return frame.merge(rows, "outer", "id").fillna({"tie": ""})


def _tied(person: str, ties: pd.DataFrame, *, moved: bool) -> pd.DataFrame:
    kind = ties["kind"].fillna("follows") if "kind" in ties else pd.Series("follows", index=ties.index)
    sees, seen = ("source", "target") if moved else ("target", "source")
    one_way = pd.DataFrame({"id": ties[sees], "tie": kind})[ties[seen] == person]
    back = pd.DataFrame({"id": ties[seen], "tie": kind})[(ties[sees] == person) & (kind == "friend")]
    both = pd.concat([one_way, back])
    return both[both["id"] != person]
