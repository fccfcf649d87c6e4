"""A touchpoint table written as a file gives the same table back, whatever is in it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS
from influence_graph.model.touchpoints import OUTCOME_NAMES, VOTES, KindRule, TouchpointTable
from influence_graph.model.touchpoints_file import dump_table

BUILT_IN = TouchpointTable.load()
RULES = st.builds(
    KindRule,
    st.sampled_from(TOUCHPOINTS),
    st.sampled_from(DIRECTIONS),
    st.floats(0, 10),
    st.floats(-1, 1),
    st.floats(0, 10),
    st.sampled_from(("", *OUTCOME_NAMES)),
    st.sampled_from(("", *VOTES)),
    st.sampled_from(("", "wear", "repeat_purchase")),
)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=8)
KINDS = st.dictionaries(st.sampled_from(["wear", "purchase", "blame"]) | NAMES, RULES, max_size=4)


@given(kinds=KINDS, default=RULES | st.just(BUILT_IN.default))
def test_a_written_table_is_read_back(tmp_path_factory, kinds: dict[str, KindRule], default: KindRule) -> None:
    base = TouchpointTable(BUILT_IN.kinds, default)
    given_table = base
    for kind, rule in kinds.items():
        given_table = given_table.with_lines({kind: asdict(rule)})
    path = tmp_path_factory.mktemp("tables") / "table.toml"
    path.write_text(dump_table(given_table), encoding="utf-8")
    assert TouchpointTable.load(path) == given_table


def test_the_built_in_table_is_its_own_file_and_a_changed_line_is_marked(tmp_path: Path) -> None:
    text = dump_table(BUILT_IN)
    changed = dump_table(BUILT_IN.with_lines({"wear": {"weight": 2.0}}))
    different = [line for line in changed.splitlines() if line not in text.splitlines()]
    assert different == ["wear = { weight = 2.0 }  # changed"]
    assert len(changed.splitlines()) == len(text.splitlines())
