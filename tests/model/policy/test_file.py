import math
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.model.policy.diff import Change, differences
from influence_graph.model.policy.file import dump_policy, load_policy
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.toml_file import MAX_BYTES
from influence_graph.model.toml_lines import line_of
from tests.model.policy.strategies import policies


@given(policy=policies)
def test_a_dumped_policy_loads_exactly(tmp_path_factory, policy):
    path = tmp_path_factory.getbasetemp() / "policy.toml"
    path.write_text(dump_policy(policy), encoding="utf-8")
    assert load_policy(path) == policy
    assert dump_policy(load_policy(path)) == dump_policy(policy)


def test_every_parameter_of_the_default_is_in_its_file_with_a_comment():
    text = dump_policy(FusionPolicy())
    content = tomllib.loads(text)
    assert content["weights"]["recommend"] == dict.fromkeys(TOUCHPOINTS, 1.0)
    written = {*content, *content["derived"]} - {"derived"}
    assert written == set(FusionPolicy().to_dict()) - {"rivals", "table", "kinds"}
    assert "[[rival]]" in text
    assert all(len(line) <= 110 for line in text.splitlines())


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write_and_load(text: str | bytes) -> FusionPolicy:
        Path("p.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_policy(Path("p.toml"))

    return write_and_load


def test_what_a_file_leaves_out_keeps_its_default(load):
    policy = load("[half_life_days]\nexpediting = 30\n[weights.loyalty]\nexpediting = 0.5\n")
    assert (policy.half_life("expediting"), policy.half_life("engagement")) == (30, math.inf)
    assert policy.weights["loyalty"]["engagement"] == 1.0
    assert policy.weights["loyalty"]["expediting"] == 0.5
    assert load("") == FusionPolicy()


def test_one_number_is_the_half_life_of_all_and_a_windows_file_is_read(load):
    assert load(b"\xef\xbb\xbfhalf_life_days = 180\r\n").half_life("engagement") == 180


BAD = {
    "negative half-life": ("# my\n\n[half_life_days]\nengagement = 5\nexpediting = -3\n", 5, "-3"),
    "half-life in words": ('half_life_days = "soon"\n', 1, "'soon'"),
    "unknown touchpoint": ("[weights.loyalty]\nengagment = 1\n", 2, "'engagement'"),
    "unknown outcome": ("[weights.loyalti]\nengagement = 1\n", 1, "'loyalty'"),
    "weight that is no number": ('[weights]\nloyalty = { engagement = 1, expediting = "x" }\n', 2, "'x'"),
    "dotted key": ("spillover = 0.5\nweights.recommend.engagement = nan\n", 2, "nan"),
    "true is no number": ("spillover = true\n", 1, "True"),
    "huge integer": (f"version = 'x'\nspillover = {'9' * 400}\n", 2, "too large"),
    "the same key in two sections": ("[half_life_days]\nengagement = 1\n[weights.loyalty]\nengagement = -1\n", 4, "-1"),
    "unknown key": ("version = '2'\nspilover = 0.5\n", 2, "'spillover'"),
    "key of another section": ("[derived]\ncurvature = 0.5\nblame = 0.5\n", 3, "derived.blame"),
    "section that is a number": ("derived = 3\n", 1, "[derived]"),
    "single brackets": ("version = 'a'\n[rival]\nbrands = ['a', 'b']\nrelation = -1\n", 2, "[[rival]]"),
    "rivals out of limits": (
        "[[rival]]\nbrands = ['a', 'b']\nrelation = 0\n[[rival]]\nbrands = ['a', 'c']\nrelation = -2\n", 6, "-2"
    ),
    "a rival of itself": ("[[rival]]\nrelation = 0\nbrands = ['a', 'a']\n", 3, "'a'"),
    "nested brands": ("[[rival]]\nrelation = 0\nbrands = [['a'], 'b']\n", 3, "pair of brands"),
    "brands in one text": ("[[rival]]\nrelation = 0\nbrands = 'ab'\n", 3, "'ab'"),
    "no relation": ("\n[[rival]]\nbrands = ['a', 'b']\n", 2, "relation"),
    "pair twice": (
        "[[rival]]\nbrands = ['a', 'b']\nrelation = 0\n[[rival]]\nbrands = ['b', 'a']\nrelation = -1\n", 4, "above"
    ),
    "inline rivals": ("rival = [\n { brands = ['a', 'b'] }\n]\n", 1, "relation"),
    "not TOML": ("spillover = 0.5\nblame =\n", 2, "not TOML"),
    "cut off": ("spillover = 0.5\nblame = [1,\n", 2, "not TOML"),
    "key twice": ("blame = 1\nblame = 1\n", 2, "not TOML"),
    "too many digits": ("blame = 1\nspillover = " + "9" * 5000, 2, "not TOML"),
    "too deep": ("a = " + "[" * 20_000, 1, "not TOML"),
    "not UTF-8": (b"version = 'x'\n# \xff\n", 2, "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_with_file_and_line_and_a_remedy(load, text, line, said):
    with pytest.raises(InputError) as caught:
        load(text)
    assert caught.value.message.startswith(f"p.toml:{line}: ")
    assert said in str(caught.value)
    assert caught.value.remedy


def test_a_file_that_is_none_is_refused(load, tmp_path):
    with pytest.raises(UnreadableFile, match=r"nowhere\.toml"):
        load_policy(Path("nowhere.toml"))
    with pytest.raises(UnreadableFile, match="cannot read"):
        load_policy(tmp_path)
    with pytest.raises(UnreadableFile, match="bytes"):
        load("#" * (MAX_BYTES + 1))


def test_lines_are_found_behind_texts_and_comments_that_look_like_keys():
    text = '# spillover = 1\nversion = """\nspillover = 2\n"""\n"spillover" = 3\n'
    assert line_of(text, ("spillover",)) == 5
    assert line_of(text, ("version",)) == 2


def test_the_line_of_an_absent_key_is_that_of_its_section():
    assert line_of("a = 1\n[b]\nc = 1\n", ("b", "d")) == 2


@given(place=st.integers(0, 40))
def test_each_of_many_lines_is_found(place):
    text = "\n".join(f"k{number} = [\n {number},\n]" for number in range(41))
    assert line_of(text, (f"k{place}", 0)) == 3 * place + 1


def test_a_difference_names_the_parameter_as_the_file_does_and_both_values():
    old = FusionPolicy(rivals={("b", "a"): -1.0})
    new = FusionPolicy(half_life_days={"expediting": 30.0}, version="2", weights={"loyalty": {}})
    assert differences(old.to_dict(), new.to_dict()) == [
        Change("half_life_days.expediting", "inf", 30.0),
        Change("weights.loyalty.engagement", 1.0, 0.0),
        Change("weights.loyalty.brand_experience", 1.0, 0.0),
        Change("rivals.a|b", -1.0, None),
        Change("version", "1", "2"),
    ]
    assert differences(old.to_dict(), old.to_dict()) == []


def test_another_touchpoint_table_is_a_difference():
    record = FusionPolicy().to_dict()
    assert differences({**record, "table": "0000"}, record) == [Change("table", "0000", record["table"])]
