from __future__ import annotations

import pytest
from click.testing import CliRunner

from influence_graph.cli.commands.query import _value
from influence_graph.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["brand-bonds"], "brand is missing; brand-bonds takes brand"),
        (["path", "--param", "source=a"], "target is missing; path takes source, target"),
        (["top-brands", "--param", "x=1"], "x is unknown; top-brands takes none"),
    ],
)
def test_a_named_query_says_which_parameters_it_takes(arguments: list[str], said: str) -> None:
    outcome = CliRunner().invoke(main, ["query", *arguments])
    assert outcome.exit_code == 2
    assert said in outcome.stderr


def test_ids_given_to_named_queries_stay_texts() -> None:
    assert [_value(text, texts=True) for text in ("1", "true", '"1"', "a b")] == ["1", "true", "1", "a b"]
    assert [_value(text) for text in ("1", "true", "[" * 5000, "a b")] == [1, True, "[" * 5000, "a b"]
