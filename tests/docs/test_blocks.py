"""What of a page is run, and what would escape."""

from __future__ import annotations

import pytest

from tests.docs.blocks import faults, needs, steps

PAGE = """# Title

<!-- needs: checkout, data set at downloads/set -->
<!-- setup
cp a b
-->

Run `influence-graph runs`, or `rank`.

```console
$ influence-graph rank \\
> --top 1
PageRank
$ influence-graph runs
```

```bash
make demo     # a town
cat > x.csv <<'END'
a # b
END
```

```python
>>> 1
1
```

```text
F = L
```
"""


def test_a_page_is_read_from_top_to_bottom_and_its_sentences_at_the_end() -> None:
    found = [(step.kind, step.text) for step in steps(PAGE)]
    assert found == [
        ("setup", "cp a b"),
        ("command", "influence-graph rank \\\n--top 1"),
        ("command", "influence-graph runs"),
        ("command", "make demo"),
        ("command", "cat > x.csv <<'END'\na # b\nEND"),
        ("python", ">>> 1\n1\n"),
        ("span", "influence-graph runs"),
    ]


def test_lines_of_commands_and_their_output_are_known() -> None:
    lines = PAGE.splitlines()
    first, second = [step for step in steps(PAGE) if step.kind == "command"][:2]
    assert lines[first.line - 1].startswith("$ influence-graph rank")
    assert (first.shown, lines[first.ends - 1]) == (("PageRank",), "$ influence-graph runs")
    assert (second.shown, lines[second.ends - 1]) == ((), "```")


def test_what_a_page_needs() -> None:
    assert needs(PAGE) == ["checkout", "data set at downloads/set"]


def test_a_good_page_has_no_faults() -> None:
    assert not faults(PAGE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```\nx\n```", "a fence of no language"),
        ("```sh\nx\n```", "a fence of sh"),
        ("```text\n$ rank\n```", "a command shown as text"),
        ("```text\ninfluence-graph rank\n```", "a command shown as text"),
        ("Run:\n\n    influence-graph rank\n", "an indented block"),
    ],
)
def test_what_looks_like_a_command_and_would_not_be_run_is_a_fault(text: str, fault: str) -> None:
    assert [each.partition(": ")[2] for each in faults(text)] == [fault]


@pytest.mark.parametrize("text", ["```console\noutput\n```", "```bash\nx\n"])
def test_a_broken_page_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"output without a command|is not closed"):
        steps(text)
