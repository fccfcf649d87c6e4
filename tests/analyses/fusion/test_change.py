from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.change import explain_change
from influence_graph.errors import InputError
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import START, corrected_ledgers, frame, policies, quick
from tests.analyses.fusion.test_explain import EVENTS, STAYS

times = st.integers(0, 12).map(lambda days: START + timedelta(days=days))
EXTRA = pd.DataFrame(
    {
        "event_id": ["visit", "wrong", "fix", "oops", "back"],
        "at": ["2026-05-02T00:00:00Z", *["2026-05-03T00:00:00Z"] * 3, "2026-05-20T00:00:00Z"],
        "recorded_at": ["2026-05-12T00:00:00Z", None, "2026-05-20T00:00:00Z", None, None],
        "consumer": ["singer"] * 5,
        "brand": ["sweater"] * 5,
        "kind": ["visit", "wear", "wear", "wear", "retraction"],
        "points": [0.5, 2.0, 1.0, 4.0, None],
        "replaces": [None, None, "wrong", None, "oops"],
    }
)
ALL = pd.concat([EVENTS, EXTRA])


@quick
@given(corrected_ledgers(max_size=8), policies, times, times)
def test_the_changes_of_terms_sum_to_the_change_of_the_score(events, policy, one, other):
    start, end = sorted((one, other))
    before, after = naive.scores(events, start, policy), naive.scores(events, end, policy)
    for bond in {(event["consumer"], event["brand"]) for event in events[:3]}:
        found = explain_change(frame(events), *bond, start, end, policy)
        expected = sum(after.get(bond, (0.0, 0.0))) - sum(before.get(bond, (0.0, 0.0)))
        assert found.change == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert found.terms["change"].sum() == pytest.approx(found.end - found.start, rel=1e-9, abs=1e-9)
        assert found.terms["start"].sum() == pytest.approx(found.start, rel=1e-9, abs=1e-9)
        assert not found.terms.duplicated(["event_id", "direction"]).any()


def test_each_term_says_why_it_moved():
    policy = FusionPolicy(half_life_days={"brand_experience": 19})
    found = explain_change(ALL, "singer", "sweater", "2026-05-04T00:00:00Z", "2026-05-23T00:00:00Z", policy)
    reasons = found.terms.set_index("event_id")[["reason", "by"]].agg(tuple, axis=1).to_dict()
    assert reasons == {
        "concert": ("decayed", ""),
        "visit": ("became known late", ""),
        "wrong": ("replaced", "fix"),
        "fix": ("became known late", ""),
        "oops": ("retracted", "back"),
        "blame": ("new", ""),
        "bonus": ("new", ""),
    }
    terms = found.terms.set_index("event_id")
    assert terms.loc["concert", "end"] == pytest.approx(terms.loc["concert", "start"] / 2)
    assert terms.loc["oops", "end"] == 0


def test_sentences_tell_the_change_and_leave_out_what_stayed():
    found = explain_change(ALL, "singer", "sweater", "2026-05-04T00:00:00Z", "2026-05-20T00:00:00Z", STAYS)
    assert found.sentences() == [
        "The Fusion Score of singer and sweater changed from +9 on 2026-05-04 to +3.5 on 2026-05-20:",
        "+0.5 became known late: on 2026-05-02 positive interaction of the consumer (visit)",
        "+1 became known late: on 2026-05-03 positive interaction of the consumer (wear)",
        "-4 retracted by back: on 2026-05-03 positive interaction of the consumer (wear)",
        "-2 replaced by fix: on 2026-05-03 positive interaction of the consumer (wear)",
        "-2 new: on 2026-05-08 negative interaction of the consumer with restaurant (blame), which spilled over "
        "because sweater was worn or named together with restaurant",
        "+1 new: on 2026-05-09 positive interaction from restaurant (loyalty bonus), which spilled over "
        "because sweater was worn or named together with restaurant",
    ]
    assert found.terms.set_index("event_id").loc["concert", "reason"] == "unchanged"


REVIVED = pd.DataFrame(
    {
        "event_id": ["true", "wrong", "twice", "back", "again", "late"],
        "at": [f"2026-05-0{day}T00:00:00Z" for day in (1, 2, 3, 4, 5, 1)],
        "recorded_at": [*[None] * 5, "2026-05-05T00:00:00Z"],
        "consumer": "ann",
        "brand": "acme",
        "kind": ["wear", "wear", "retraction", "retraction", "retraction", "wear"],
        "points": [5.0, 1.0, None, None, None, 2.0],
        "replaces": [None, "true", "true", "wrong", "twice", None],
    }
)


@pytest.mark.parametrize(
    ("start", "end", "reasons"),
    [
        (1, 2, {"true": ("replaced", "wrong"), "wrong": ("new", "")}),
        (1, 4, {"true": ("retracted", "twice")}),
        (2, 5, {"true": ("revived", "back"), "wrong": ("retracted", "back"), "late": ("became known late", "")}),
        (3, 5, {"true": ("revived", "again"), "wrong": ("retracted", "back"), "late": ("became known late", "")}),
        (1, 5, {"true": ("unchanged", ""), "late": ("became known late", "")}),
    ],
)
def test_an_event_is_revived_by_what_took_its_last_correction_back(start, end, reasons):
    times = [f"2026-05-0{day}T12:00:00Z" for day in (start, end)]
    found = explain_change(REVIVED, "ann", "acme", *times)
    assert found.terms.set_index("event_id")[["reason", "by"]].agg(tuple, axis=1).to_dict() == reasons
    lines = [line for line in found.sentences() if "revived" in line]
    by = reasons["true"][1]
    told = (
        f"+5 revived by {by}, which took its correction back: on 2026-05-01 positive interaction of the consumer (wear)"
    )
    assert lines == ([told] if reasons["true"][0] == "revived" else [])


def test_a_link_learned_later_shares_an_old_event_otherwise():
    link = {**EVENTS.iloc[1], "event_id": "link", "points": 0.0, "with_brands": "nova|sweater", "kind": "wear"}
    late = pd.concat([EVENTS.assign(recorded_at=None), pd.DataFrame([{**link, "recorded_at": "2026-06-01T00:00:00Z"}])])
    found = explain_change(late, "singer", "sweater", "2026-05-09T08:00:00Z", "2026-06-01T00:00:00Z")
    terms = found.terms.set_index("event_id")
    assert terms["reason"].to_dict() == {
        "concert": "unchanged",
        "blame": "share changed",
        "bonus": "share changed",
    }
    assert terms.loc["blame", "end"] == pytest.approx(-8 * 0.25 * 2 / 3)
    other = explain_change(late, "singer", "nova", "2026-05-09T08:00:00Z", "2026-06-01T00:00:00Z")
    assert other.terms["reason"].tolist() == ["share changed"] * 2
    assert other.start == 0


def test_nothing_between_two_equal_times():
    found = explain_change(EVENTS, "singer", "sweater", "2026-05-09T08:00:00Z", "2026-05-09T08:00:00Z", STAYS)
    assert found.change == 0
    assert found.sentences() == [
        "The Fusion Score of singer and sweater changed from +2 on 2026-05-09 to +2 on 2026-05-09: no term changed."
    ]


def test_times_in_the_wrong_order_are_refused():
    with pytest.raises(InputError, match="is empty"):
        explain_change(EVENTS, "singer", "sweater", "2026-05-10T00:00:00Z", "2026-05-09T00:00:00Z")
