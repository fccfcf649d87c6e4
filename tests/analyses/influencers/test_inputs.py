"""Who sees whom since when, and all times on one clock, from ties and logs of every form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.influencers.find import find_influencers
from influence_graph.analyses.influencers.inputs import read
from influence_graph.analyses.person.circle import people_of
from influence_graph.errors import InputError
from influence_graph.model.csr import row_of_each
from influence_graph.model.parameters import InfluencerParameters
from influence_graph.model.records import TIE_KINDS

START = pd.Timestamp("2026-01-01", tz="UTC")
DAY = 86_400.0
ALWAYS = -np.inf
TIES = pd.DataFrame(
    {
        "source": ["annie", "sam", "june"],
        "target": ["june", "june", "sam"],
        "kind": ["follows", "exposed", "friend"],
        "since": START + pd.to_timedelta([0, 1, 5], unit="D"),
    }
)
DID = pd.DataFrame(
    {"user": ["june", "annie", "sam"], "item": "jeans", "time": START + pd.to_timedelta([0, 2, 3], unit="D")}
)
SEEN = {("june", "annie"): 0.0, ("june", "sam"): DAY, ("sam", "june"): 5 * DAY}


def exposure(ties, did=DID):
    inputs = read(ties, did, None, None)
    ids = inputs.graph.ids
    pairs = zip(row_of_each(inputs.graph.indptr), inputs.graph.indices, strict=True)
    since = (inputs.since - inputs.log.times.min()).tolist()  # june acts at START
    return {(ids[v], ids[u]): when for (v, u), when in zip(pairs, since, strict=True)}


def test_who_follows_or_is_exposed_sees_the_other_and_friends_see_each_other():
    assert exposure(TIES) == SEEN


def test_the_audience_is_whom_a_person_may_move_as_elsewhere():
    for kind in TIE_KINDS:
        ties = TIES.assign(kind=kind)
        for person in ("annie", "june", "sam"):
            moved = set(people_of(person, ties, None, moved=True)["id"])
            assert {u for v, u in exposure(ties) if v == person} == moved, (kind, person)


def test_a_store_of_the_same_ties_gives_the_same_exposure(tmp_path):
    file = tmp_path / "ties.csv"
    TIES.to_csv(file, index=False)
    from influence_graph.app.ingest import IngestOptions, ingest

    with ig.open_store(str(tmp_path / "store")) as store:
        ingest(store, [file], IngestOptions(rejects=tmp_path / "rejects.jsonl"))
        graph = store.graph("ties").reverse()
    edges = zip(row_of_each(graph.indptr), graph.indices, strict=True)
    assert {(graph.ids[v], graph.ids[u]) for v, u in edges} == set(exposure(TIES))


def test_without_a_kind_a_tie_is_follows_and_without_a_date_it_always_was():
    plain = dict.fromkeys([("june", "annie"), ("june", "sam"), ("sam", "june")], ALWAYS)
    for ties in (
        TIES[["source", "target"]],
        TIES.assign(kind=None, since=None),
        TIES.assign(kind=pd.Categorical([None, "follows", None]), since=pd.NaT),
    ):
        assert exposure(ties) == plain


def test_of_several_ties_of_two_people_the_first_counts():
    earlier = TIES.assign(since=START - pd.Timedelta(days=9), kind="exposed")
    assert exposure(pd.concat([TIES, earlier])) == dict.fromkeys(SEEN, -9 * DAY)
    undated = pd.concat([TIES, TIES[:1].assign(since=None)])
    assert exposure(undated)["june", "annie"] == ALWAYS
    both = pd.concat([TIES[2:], TIES[2:].rename(columns={"source": "target", "target": "source"})])
    assert exposure(both) == {("sam", "june"): 5 * DAY, ("june", "sam"): 5 * DAY}


@pytest.mark.parametrize(
    "form",
    [
        lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
        lambda frame: frame.astype({name: "category" for name in ("source", "target", "kind") if name in frame}),
        lambda frame: frame.astype(object),
        lambda frame: frame.assign(
            **{n: frame[n].dt.tz_convert("Asia/Tokyo") for n in ("since", "time") if n in frame}
        ),
        lambda frame: frame.to_dict("list"),
        lambda frame: frame.to_dict("records"),
    ],
)
def test_any_frame_and_zone_gives_the_same(form):
    assert exposure(form(TIES), form(DID)) == SEEN
    assert exposure(form(TIES), DID) == SEEN
    gaps = TIES.assign(since=TIES["since"].where([True, False, True]))
    assert exposure(form(gaps)) == {**SEEN, ("june", "sam"): ALWAYS}


def test_close_times_stay_apart():
    close = DID.assign(time=START + pd.to_timedelta([0, 100, 200], unit="ns"))
    assert np.diff(read(TIES, close, None, None).log.times) == pytest.approx([1e-7, 1e-7])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "Friend"}, "a tie is of the kind 'Friend'; did you mean 'friend'"),
        ({"kind": "knows"}, "a tie is of the kind 'knows'; "),
        ({"kind": 5}, "a tie is of the kind"),
        ({"since": START.tz_localize(None)}, "different kinds: times with a zone and times without a zone"),
        ({"since": 5.0}, "different kinds: numbers and times with a zone"),
        ({"since": [START, START.tz_localize(None), START]}, "mixes times with a zone and times without a zone"),
    ],
)
def test_what_leaves_direction_or_date_open_is_refused(change, message):
    with pytest.raises(InputError, match=message) as caught:
        exposure(TIES.assign(**change))
    assert caught.value.remedy


def town(since):
    """Return ties of 30 followers of june among 90 people; 8 of them follow her into each of 20 items a day later."""
    people = [f"p{number:02}" for number in range(90)]
    fans = people[:30]
    ties = pd.DataFrame({"source": fans, "target": "june", "kind": "exposed", "since": since})
    around = pd.DataFrame({"source": people, "target": [*people[1:], people[0]], "kind": "follows"})
    rng, rows = np.random.default_rng(4), []
    for item in range(20):
        begun = START + pd.Timedelta(days=30 * item)
        rows.append(("june", f"i{item}", begun))
        rows += [(fan, f"i{item}", begun + pd.Timedelta(days=1)) for fan in rng.choice(fans, 8, replace=False)]
        late = rng.choice(people[30:], 6, replace=False)
        rows += [(other, f"i{item}", begun + pd.Timedelta(days=int(rng.integers(2, 60)))) for other in late]
    return pd.concat([ties, around]), pd.DataFrame(rows, columns=["user", "item", "time"])


def test_whoever_is_exposed_only_later_is_no_audience_yet():
    rest = {"strata": np.zeros(91, int), "options": InfluencerParameters(seed=1)}
    early, late = (find_influencers(*town(when), **rest) for when in (START, START + pd.Timedelta(days=4000)))
    counted = [found.to_frame().set_index("id").loc["june", "after"] for found in (early, late)]
    assert counted[0] >= 100
    assert counted[1] == 0
