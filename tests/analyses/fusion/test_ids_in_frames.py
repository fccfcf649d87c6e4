"""Ids of any type in frames, and lists of brands in any form, give the answers of text."""

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.fusion.co_associations import co_associations
from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.errors import InputError, NotFound

TEXTS = pd.DataFrame(
    {
        "event_id": ["1", "2", "3"],
        "at": [f"2026-05-0{day}T20:00:00Z" for day in (1, 2, 3)],
        "consumer": ["1", "12", "1"],
        "brand": ["5", "5", "6"],
        "points": [3.0, -8.0, 2.0],
    }
)
IDS = ["event_id", "consumer", "brand"]
FORMS = {
    "integers": lambda column: column.astype("int64"),
    "floats": lambda column: column.astype("float64"),
    "nullable": lambda column: column.astype("Int64"),
    "bytes": lambda column: column.map(str.encode).astype(object),
    "categories": lambda column: column.astype("category"),
    "categories of integers": lambda column: column.astype("int64").astype("category"),
    "spaces": lambda column: column + "\u00a0",
    "mixed": lambda column: pd.Series([int(each) for each in column[:2]] + [float(column[2])], dtype=object),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_ids_of_any_type_are_those_of_text(form):
    given = TEXTS.assign(**{name: form(TEXTS[name]) for name in IDS})
    pd.testing.assert_frame_equal(fusion_scores(given), fusion_scores(TEXTS))
    assert digest_of(given) == digest_of(TEXTS)


@pytest.mark.parametrize("one", [1, 1.0, np.int64(1), "1", b"1", " 1 "], ids=repr)
def test_a_bond_is_found_by_an_id_of_any_type(one):
    state = FusionState.build(TEXTS)
    assert explain(TEXTS, one, 5, "2026-05-01T20:00:00Z").score == 3.0
    assert state.at(one, 5.0, ["2026-05-01T20:00:00Z"])["fusion_score"].tolist() == [3.0]
    assert state.interactions_of(one).num_rows == 2
    assert explain(TEXTS, 1, 5, "2026-05-01T20:00:00Z", without=[one]).score == 0.0
    assert explain(TEXTS, 1, 5, "2026-05-01T20:00:00Z", without=one).score == 0.0


def test_an_unknown_number_is_not_found_and_the_nearest_ids_are_told():
    with pytest.raises(NotFound, match=r"no consumer '13' among the 2 .*did you mean '1', '12'"):
        explain(TEXTS, 13, "5")
    with pytest.raises(NotFound, match="no brand '7' among the 2"):
        explain(TEXTS, 1, 7)
    with pytest.raises(NotFound, match="no event '9'"):
        explain(TEXTS, 1, 5, without=[9])
    with pytest.raises(InputError, match="an id is missing"):
        explain(TEXTS, None, 5)


def test_events_that_come_again_with_ids_of_another_type_change_nothing():
    state = FusionState.build(TEXTS)
    again = state.update(TEXTS.assign(event_id=[1, 2, 3], consumer=[1.0, 12.0, 1.0]))
    assert again is state


LISTED = {
    "lists": [["hat", "scarf"], ["hat"], None],
    "tuples": [("hat", "scarf"), ("hat",), ()],
    "arrays": [np.array(["hat", "scarf"]), np.array(["hat"]), None],
    "sets": [{"hat", "scarf"}, {"hat"}, set()],
    "text": ["hat|scarf", " hat ", ""],
    "JSON": ['["hat", "scarf"]', '["hat"]', "[]"],
}


@pytest.mark.parametrize("values", LISTED.values(), ids=LISTED)
def test_lists_of_brands_are_those_of_text(values):
    given = TEXTS.assign(with_brands=pd.Series(values, dtype=object))
    expected = co_associations(TEXTS.assign(with_brands=["hat|scarf", "hat", None]))
    pd.testing.assert_frame_equal(co_associations(given), expected)
    assert len(fusion_scores(given)) == 6  # 1: 5, 6, hat, scarf; 12: 5, hat


def test_brands_by_comma_are_refused_and_one_brand_with_a_comma_is_written_so_or_listed():
    with pytest.raises(InputError, match=r"'scarf,hat' may be one id or several; write .scarf\|hat"):
        fusion_scores(TEXTS.assign(with_brands="scarf,hat"))
    for one in ("scarf,hat|", ["scarf,hat"]):
        named = co_associations(TEXTS.assign(with_brands=pd.Series([one, None, None], dtype=object)))
        assert named["other"].tolist() == ["scarf,hat", "5"]
