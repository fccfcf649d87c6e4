"""The brands command, as a user runs it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_all_brands_stand_side_by_side(run: Run, tmp_path: Path) -> None:
    assert run("import", "story").code == 0
    shown = run("brands", "--by", "customers", "--top", "3", "-o", "brands.html", "--format", "table")
    assert shown.code == 0, shown.err
    for words in ("Harbour Knitwear", "too few", "not on record", "cannot tell", "First by customers is"):
        assert words in shown.out, words
    assert "Lightship Raincoats" not in shown.out.partition("First by")[0]
    page = (tmp_path / "brands.html").read_text("utf-8")
    assert "Lightship Raincoats" in page
    rows = run("brands", "--format", "jsonl").rows
    assert len(rows) == 7
    totals: dict[str, float] = {}
    for row in run("score", "--format", "jsonl").rows:
        totals[row["brand"]] = totals.get(row["brand"], 0.0) + row["fusion_score"]
    assert {row["brand"]: round(row["bond_sum"], 9) for row in rows} == {b: round(t, 9) for b, t in totals.items()}
    refused = run("brands", "--by", "nonsense")
    assert (refused.code, refused.out) == (2, "")
