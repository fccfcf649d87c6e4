"""How people can be won: what was found goes before what is declared, and where neither says it, nothing is said."""

from __future__ import annotations

import pandas as pd
import pytest

from influence_graph.analyses.influencers.winning import how_to_win, ways_to_win


def ways(found: dict[str, str | None], declared: dict[str, tuple[str | None, str | None]]) -> pd.DataFrame:
    """Return the ways of *found* styles and of *declared* kinds and styles, by id."""
    styles = pd.DataFrame({"id": list(found), "style": list(found.values())})
    people = pd.DataFrame([(id_, *of) for id_, of in declared.items()], columns=["id", "kind", "style"])
    return ways_to_win(styles, people)


@pytest.mark.parametrize(
    ("found", "declared", "how"),
    [
        ("passive", (None, None), ("give the product", "found")),
        ("active", (None, None), ("ask for a post", "found")),
        ("active", ("influencer", "passive"), ("ask for a post", "found")),
        ("passive", ("influencer", "active"), ("give the product", "found")),
        ("cannot be told", ("influencer", "passive"), ("give the product", "declared")),
        (None, ("influencer", "active"), ("ask for a post", "declared")),
        ("cannot be told", ("influencer", None), ("not on record", None)),
        ("cannot be told", ("consumer", "passive"), ("not on record", None)),
    ],
)
def test_a_person_is_won_as_was_found_else_as_declared(
    found: str | None, declared: tuple[str | None, str | None], how: tuple[str, str | None]
) -> None:
    known = ways({"ann": found}, {"ann": declared, "bob": ("influencer", "passive")})
    assert how_to_win(["ann"], known).to_numpy().tolist() == [list(how)]


def test_rows_are_those_of_the_ids_and_nobody_need_be_known() -> None:
    known = ways({}, {"ann": ("influencer", "active")})
    rows = how_to_win(["bob", "ann", "bob"], known)
    assert rows["how"].tolist() == ["not on record", "ask for a post", "not on record"]
    assert rows["basis"].tolist() == [None, "declared", None]
    assert how_to_win(["ann"], ways({}, {})).to_numpy().tolist() == [["not on record", None]]
    assert list(how_to_win([], known).columns) == ["how", "basis"]
