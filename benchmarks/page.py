"""The page of the benchmarks: README.md with tables and SVG plots, made of results.json.

``python -m benchmarks.page [FOLDER]`` makes it again from the results of the last run, without measuring.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import bars, graphs, plots, results
from benchmarks.peers import ranking
from benchmarks.results import pick, rivals

INTRO = """# Benchmarks

Made by `make bench`; do not edit. `python -m benchmarks PART` measures one part again, `python -m benchmarks.page`
only redraws, the raw figures are in [results.json](results.json).

How it is measured: one thread each unless said otherwise, CPU seconds (wall where several threads or a server take
part), at least five rounds of *ours, peer, ours, peer*; a ratio is the median of the rounds' ratios, so that drift of
the machine hits both. What takes longer than 20 s is run once. Memory is what a fresh process adds to the arrays of the
edges. Generated graphs come from fixed seeds; R-MAT nodes are shuffled as Graph500 does.
"""
VERDICT = {True: "met", False: "**missed**", None: "not measured"}


def write(latest, folder):
    """Write README.md and the plots into *folder*."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    records = results.measured(latest)
    made = plots.write(records, folder / "plots")
    parts = (_machine(latest), _failures(latest), _bars(records), *_sections(records, made))
    (folder / "README.md").write_text("\n".join([INTRO, *(part for part in parts if part)]))


def table(header, rows):
    """Return a table in Markdown, or a word where there are no rows."""
    if not rows:
        return "Not measured.\n"
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def _machine(latest):
    machine = latest["machine"]
    if not machine:
        return "Nothing has been measured yet.\n"
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    when = ", ".join(f"{name} {part['at']} ({part['seconds']:.0f} s)" for name, part in latest["parts"].items())
    skipped = [record["graph"] for record in latest["records"] if "skipped" in record]
    words = f"Left out, their files are missing: {', '.join(sorted(set(skipped)))}.\n" if skipped else ""
    return (
        f"Machine: {machine['processor']}, {machine['cores']} cores, {machine['gigabytes']} GB, Python"
        f" {machine['python']}; {versions}.\n\nMeasured: {when}.\n{words}"
    )


def _failures(latest):
    lines = results.failures(latest)
    return "## Failures of this run\n\n" + "\n".join(f"- {line}" for line in lines) + "\n" if lines else ""


def _bars(records):
    rows = [
        (bar.number, bar.bar + (f" ({bar.note})" if bar.note else ""), bar.measured, VERDICT[bar.met])
        for bar in bars.measured(records)
    ]
    missed = sum(row[3] == VERDICT[False] for row in rows)
    unknown = sum(row[3] == VERDICT[None] for row in rows)
    words = f"{len(rows) - missed - unknown} met, {missed} missed, {unknown} not measured here."
    open_bars = dict.fromkeys(row[0] for row in rows if row[3] != VERDICT[True])
    why = "".join(f"- **{number}**: {bars.WHY[number]}\n" for number in open_bars if number in bars.WHY)
    reasons = f"\n\nWhy the missed bars are missed:\n\n{why}" if why else ""
    return f"## The bars\n\n{words}\n\n" + table(("#", "bar", "measured", ""), rows) + reasons


def _sections(records, made):
    yield "## Graphs\n\n" + table(("name", "what", "nodes", "edges"), _graphs(records))
    yield _plot(made, "PageRank to 1e-9: time over ours")
    header = ("graph", "ours s", "passes (power)", "cold, ours / scipy s", "peers: time over ours, best first")
    for case, title in (("plain", "PageRank"), ("weighted", "PageRank, weighted"), ("personalized", "PageRank of one")):
        yield f"## {title}\n\n" + table(header, _ranked(records, case))
    limits = ", ".join(f"{peer.name} {peer.LARGEST:,}" for peer in ranking.ALL if peer.LARGEST < 10**9)
    yield f"To keep the run short, slow peers are left out above so many edges: {limits}.\n"
    yield "Not ranked: they do not reach the error.\n\n" + table(("peer", "graph: L1 error"), _unranked(records))
    yield "### Memory, MB\n\n" + table(("part", "graph", "MB"), _memory(records))
    yield _plot(made, "Simulations per second")
    yield "## Spread\n\n" + table(
        ("graph", "model", "engine", "per second", "ours over it", "mean ± s.e."), _spread(records)
    )
    yield _plot(made, "Fifty seeds: seconds and what they reach")
    header = ("graph", "case", "engine", "s", "reach ± s.e.", "certified", "sets", "MB", "over ours")
    yield "## Seeds, k = 50\n\n" + CASES + "\n" + table(header, _seeds(records))
    yield "## Growth\n"
    yield _plot(made, "Growth of time") + _plot(made, "Growth of memory")
    yield table(("what", "edges", "CPU s", "MB"), _growth(records))


CASES = """wc: weighted cascade; lt: linear threshold; low, high: one probability for all, .01 and .1; sentinel: .1 on a
graph where that reaches most. Reach is by fresh simulation."""


def _plot(made, title):
    return f"![{title}](plots/{made[title]})\n" if title in made else ""


def _graphs(records):
    seen = {r["graph"]: r for r in records if "nodes" in r and not r["graph"].startswith("growth")}
    return [(name, graphs.described(name), f"{r['nodes']:,}", f"{r['edges']:,}") for name, r in sorted(seen.items())]


def _ranked(records, case):
    rows = []
    for own in pick(records, part="pagerank", case=case, engine="ours"):
        peers = rivals(records, part="pagerank", case=case, graph=own["graph"])
        words = ", ".join(f"{peer['engine']} {peer['ratio']:.2g}" for peer in peers)
        passes = f"{own['passes']} ({own['power_passes']})"
        rows.append(
            (own["graph"], f"{own['seconds']:.4f}", passes, f"{own['cold']:.3f} / {own['scipy_cold']:.3f}", words)
        )
    return rows


def _unranked(records):
    missed = {}
    for r in records:
        if r.get("part") == "pagerank" and r.get("ranked") is False:
            words = f"{r['error']:.0e}" if r.get("error") is not None else r.get("note", "")
            missed.setdefault(r["engine"], []).append(f"{r['graph']} ({r['case']}): {words}")
    return [(engine, ", ".join(words)) for engine, words in missed.items()]


def _memory(records):
    rows = {}
    for r in pick(records, case="memory"):
        rows.setdefault((r["part"], r["graph"]), []).append((r["megabytes"], r["engine"]))
    return [(*key, ", ".join(f"{name} {mb:,.0f}" for mb, name in sorted(peaks))) for key, peaks in rows.items()]


def _spread(records):
    rows = []
    for r in pick(records, part="spread"):
        if "rate" in r:
            ratio = f"{r['ratio']:.3g} ×" if "ratio" in r else ""
            mean = f"{r['spread']:.1f} ± {r['std_error']:.1f}"
            rows.append((r["graph"], r["case"], r["engine"], f"{r['rate']:,.3g}", ratio, mean))
    return rows


def _seeds(records):
    rows = []
    for r in pick(records, part="seeds"):
        if "spread" not in r:
            continue
        certified = f"{r['certificate']:.2f} ({r['stopped']})" if "certificate" in r else ""
        sets, memory = (f"{r[name]:,.0f}" if name in r else "" for name in ("sets", "megabytes"))
        ratio = f"{r['ratio']:.3g} ×" if "ratio" in r and r["engine"] != "ours" else ""
        reach = f"{r['spread']:,.1f} ± {r['std_error']:.1f}"
        rows.append((r["graph"], r["case"], r["engine"], f"{r['seconds']:.3f}", reach, certified, sets, memory, ratio))
    return rows


def _growth(records):
    order = sorted(pick(records, part="growth"), key=lambda r: (r["case"], r["edges"]))
    return [(r["case"], f"{r['edges']:,}", f"{r['seconds']:.4f}", f"{r['megabytes']:.0f}") for r in order]


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    write(results.load(place), place)
