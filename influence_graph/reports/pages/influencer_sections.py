"""The sections of influencers: those found in a store, and the case of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.influencers.evidence import LEAST_TESTED
from influence_graph.analyses.influencers.result import UNTESTED
from influence_graph.model.names import BRAND, CONSUMER
from influence_graph.reports.charts.influencers import group_shares, influence_curve, lag_curve
from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.pages.rows import found_rows
from influence_graph.reports.words import NONE, date_text, display_name, integer_text, node_labels, printable
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from influence_graph.analyses.influencers.case_result import InfluencerCase
    from influence_graph.analyses.influencers.result import Influencers
    from influence_graph.model.names import NodeNames
    from influence_graph.reports.pages.data import ReportData

_LISTED, _REASONS = 50, 3
_HOW = "How: active, by speaking of it; passive, without a word."


def found_influencers(report: ReportData) -> Section | None:
    """Return who moves others beyond chance, how much, and who has how much of all influence."""
    found = report.found
    if found is None:
        return None
    heading = "Who moves others beyond chance"
    text = (
        "What those who see a person took up after that person, beyond what comparable people took up and what they "
        "had taken up before."
    )
    if found.result is None:
        return Section("moves-others", heading, text, points=[f"Cannot be tested: {printable(found.missing, 600)}."])
    result = found.result
    how = [_HOW] if len(result.found) else []
    points = [printable(line, 600) for line in [*_said(result), *how, *_reasons(result)]]
    rows = found_rows(result)
    tables = [_table(rows, len(result.found), report.names)] if len(rows) else []
    plots = []
    if len(rows) and result.groups["share"].notna().all():  # else shares are of a sum that may be 0
        plots += [group_shares(result.groups), influence_curve(result.lorenz)]
    if len(result.found):
        tables.append(_groups(result.groups))
    return Section("moves-others", heading, text, plots, tables, points=points)


def _said(result: Influencers) -> list[str]:
    """Return the findings in words."""
    people = len(result.table)
    if (result.table["status"] != UNTESTED).any():
        return result.sentences()
    none = "The one person" if people == 1 else f"None of {people:,} people"
    return [f"{none} can{'not' if people == 1 else ''} be tested, so nothing is said of anybody."]


def _reasons(result: Influencers) -> list[str]:
    """Return why people cannot be tested, the commonest reasons first; nothing where all are."""
    untested = result.table[result.table["status"] == UNTESTED]
    if untested.empty:
        return []
    few = f"fewer adoptions are expected than the {LEAST_TESTED:g} that are needed"
    counts = untested["reason"].where(~untested["reason"].str.contains("adoptions are expected"), few).value_counts()
    listed = "; ".join(f"{reason} ({number:,})" for reason, number in counts.head(_REASONS).items())
    more = len(counts) - _REASONS
    rest = f"; {count_text(more, 'further reason')}" if more > 0 else ""
    return [
        f"Why {count_text(len(untested), 'person', 'people')} cannot be tested, which does not mean no: {listed}{rest}."
    ]


def _table(rows: pd.DataFrame, count: int, names: NodeNames) -> Table:
    labels = node_labels(names, [CONSUMER] * len(rows), rows["id"].tolist())
    cells = [
        [
            label,
            printable(row["id"], 40),
            printable(row["style"]),
            f"{row['caused']:,.0f} ({row['caused_low']:,.0f} to {row['caused_high']:,.0f})",
            integer_text(row["after"]),
            integer_text(row["audience"]),
            f"{row['q']:.2g}",
            f"{row['gamma']:.2g}",
            _either(row["rivals"], names),
        ]
        for label, row in zip(labels, rows.to_dict("records"), strict=True)
    ]
    columns = [
        "name",
        "id",
        "how",
        "more than expected (95 %)",
        "came after",
        "see this person",
        "q",
        "Γ*",
        "or instead",
    ]
    caption = "Found" if count == len(rows) else f"Found: the first {len(rows)} of {count:,}"
    return Table(caption, columns, cells, frozenset(range(3, 8)), folded=False)


def _either(rivals: object, names: NodeNames) -> str:
    if not isinstance(rivals, str):
        return NONE
    return ", ".join(display_name(names, CONSUMER, id_) for id_ in rivals.split("|"))


def _groups(groups: pd.DataFrame) -> Table:
    def interval(row: Mapping[Hashable, Any], name: str, form: str) -> str:
        if pd.isna(row[name]):
            return "not clear"
        return f"{row[name]:{form}} ({row[f'{name}_low']:{form}} to {row[f'{name}_high']:{form}})"

    rows = [
        [
            str(row["group"]),
            integer_text(row["people"]),
            interval(row, "excess", ",.0f"),
            interval(row, "share", ".0%"),
        ]
        for row in groups.to_dict("records")
    ]
    columns = ["by how many see them", "people", "more than expected (95 %)", "share of all (95 %)"]
    return Table("Everyone counts: influence by following", columns, rows, frozenset({1, 2, 3}))


def case_section(case: InfluencerCase, names: NodeNames) -> Section:
    """Return the case of one person, with the lag curve."""
    headed = {heading: [printable(line, 1000) for line in lines] for heading, lines in case.sections(names).items()}
    said = " ".join(headed.pop("What is said"))
    name = display_name(names, CONSUMER, case.person)
    plots = [lag_curve(case.curve, name)] if case.compared else []
    tables = []
    if len(case.followers):
        shown = case.followers.head(_LISTED)
        rows = [
            [
                display_name(names, BRAND, row["item"]),
                printable(row["item"], 40),
                display_name(names, CONSUMER, row["id"]),
                printable(row["id"], 40),
                date_text(row["at"]),
                date_text(row["their_at"]),
                f"{row['days']:,.0f}",
                integer_text(row["others"]),
            ]
            for row in shown.to_dict("records")
        ]
        more = "" if len(shown) == len(case.followers) else f": the first {len(shown)} of {len(case.followers):,}"
        columns = ["what", "id", "person", "id", "this person", "the other", "days between", "others seen with it"]
        tables.append(Table(f"Who came after, by days{more}", columns, rows, frozenset({6, 7})))
    return Section("moves-others", "Does this person move others?", said, plots, tables, headed=headed)
