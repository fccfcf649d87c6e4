from __future__ import annotations

import pytest
from click.testing import CliRunner

from influence_graph.cli.commands.query import _text, _value
from influence_graph.cli.main import main
from influence_graph.errors import InputError, NotFound


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["brand-bonds"], "brand-bonds needs brand, the id of a brand; such as brand=sweater"),
        (["path", "--param", "source=a"], "path needs target, the id of a person; such as target=june"),
        (["top-brands", "--param", "x=1"], "top-brands has no parameter 'x'; top-brands takes limit"),
        (["brand-bonds", "--param", "brnad=a"], "brand-bonds has no parameter 'brnad'; did you mean 'brand'?"),
        (
            ["top-brands", "--param", "limit=ten"],
            "limit is 'ten', must be a whole number, 1 to 100000; such as limit=20",
        ),
        (["top-brands", "--param", "limit=0"], "limit is '0', must be a whole number, 1 to 100000; such as"),
        (["top-by", "--param", "measure=page-rank"], "measure has no value 'page-rank'; did you mean 'pageRank'"),
        (["top-by", "--param", "measure=nonsense"], "measure has no value 'nonsense'; use pagerank, "),
    ],
)
def test_a_named_query_says_which_parameters_it_takes(arguments: list[str], said: str) -> None:
    error = CliRunner().invoke(main, ["query", *arguments]).exception
    assert isinstance(error, InputError)
    assert said in str(error)


def test_an_unknown_question_is_answered_with_the_nearest() -> None:
    error = CliRunner().invoke(main, ["query", "top-influencer"]).exception
    assert isinstance(error, NotFound)
    assert str(error) == "there is no question 'top-influencer'; did you mean 'top-influencers'?"


def test_ids_given_to_questions_stay_texts() -> None:
    assert [_text(text) for text in ("1", "true", '"1"', "a b")] == ["1", "true", "1", "a b"]
    assert [_value(text) for text in ("1", "true", "[" * 5000, "a b")] == [1, True, "[" * 5000, "a b"]
