"""The plots of the page, as SVG files that a code host shows on light and on dark ground."""

from __future__ import annotations

from pathlib import Path

from benchmarks.results import pick, rivals

OURS, BEST, OTHER = "#c2410c", "#1d4ed8", "#94a3b8"
PLAIN = (
    "grqc",
    "nethept",
    "facebook",
    "wikivote",
    "rmat14",
    "retweets",
    "social",
    "rmat16",
    "rmat18",
    "rmat20",
    "rmat22",
)


def write(records, folder):
    """Write every plot that has data into *folder*; return title -> file name."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    made = {}
    for title, name, plot in (
        ("PageRank to 1e-9: time over ours", "pagerank.svg", _pagerank),
        ("Simulations per second", "spread.svg", _spread),
        ("Fifty seeds: seconds and what they reach", "seeds.svg", _seeds),
        ("Growth of time", "growth-time.svg", lambda records: _growth(records, "seconds", "CPU seconds of a call")),
        ("Growth of memory", "growth-memory.svg", lambda records: _growth(records, "megabytes", "megabytes added")),
    ):
        chart = plot(records)
        if chart is not None:
            chart.properties(title=title, background="white", padding=12).save(str(Path(folder) / name))
            made[title] = name
    return made


def _chart(rows):
    import altair as alt

    return alt.Chart(alt.Data(values=rows)) if rows else None


def _ratio_axis(alt, title):
    return alt.X("ratio:Q", scale=alt.Scale(type="log"), axis=alt.Axis(title=title, grid=True))


def _pagerank(records):
    import altair as alt

    rows = [
        {"graph": name, "engine": peer["engine"], "ratio": peer["ratio"], "order": PLAIN.index(name)}
        for name in PLAIN
        for peer in rivals(records, part="pagerank", case="plain", graph=name)
    ]
    base = _chart(rows)
    if base is None:
        return None
    order = [name for name in PLAIN if any(row["graph"] == name for row in rows)]
    dots = base.mark_point(filled=True, size=70, opacity=0.85).encode(
        x=_ratio_axis(alt, "seconds of the peer / ours (ours = 1)"),
        y=alt.Y("graph:N", sort=order, title=None),
        color=alt.Color("engine:N", title=None),
        shape=alt.Shape("engine:N", title=None),
    )
    return (_rule(alt) + dots).properties(width=560, height=alt.Step(26))


def _rule(alt):
    return alt.Chart(alt.Data(values=[{"ratio": 1}])).mark_rule(color=OURS, size=2).encode(x="ratio:Q")


def _spread(records):
    import altair as alt

    rows = [
        {"what": f"{r['graph']}, {r['case']}", "engine": r["engine"], "rate": r["rate"]}
        for r in pick(records, part="spread")
        if "rate" in r
    ]
    base = _chart(rows)
    if base is None:
        return None
    return (
        base.mark_point(filled=True, size=80)
        .encode(
            x=alt.X("rate:Q", scale=alt.Scale(type="log"), title="simulations per second (further right is faster)"),
            y=alt.Y("what:N", title=None),
            color=alt.Color("engine:N", title=None, scale=_engines(alt, rows)),
        )
        .properties(width=560, height=alt.Step(24))
    )


def _engines(alt, rows):
    names = sorted({row["engine"] for row in rows}, key=lambda name: (not name.startswith("ours"), name))
    colors = [OURS, BEST, OTHER, "#0f766e", "#a16207", "#7c3aed"]
    return alt.Scale(domain=names, range=[colors[i % len(colors)] for i in range(len(names))])


def _seeds(records):
    import altair as alt

    records_ = [
        r for r in pick(records, part="seeds") if "spread" in r and r["case"] in ("wc", "low", "high", "sentinel")
    ]
    best = {}
    for r in records_:
        key = f"{r['graph']}, {r['case']}"
        best[key] = max(best.get(key, 0), r["spread"])
    rows = [
        {
            "what": (key := f"{r['graph']}, {r['case']}"),
            "engine": r["engine"],
            "seconds": r["seconds"],
            "share": r["spread"] / best[key],
        }
        for r in records_
    ]
    base = _chart(rows)
    if base is None:
        return None
    return (
        base.mark_point(filled=True, size=80)
        .encode(
            x=alt.X("seconds:Q", scale=alt.Scale(type="log"), title="CPU seconds (further left is faster)"),
            y=alt.Y("share:Q", scale=alt.Scale(zero=False), title="spread / best found", axis=alt.Axis(format=".1%")),
            color=alt.Color("engine:N", title=None, scale=_engines(alt, rows)),
            shape=alt.Shape("what:N", title=None),
        )
        .properties(width=520, height=320)
    )


def _growth(records, value, title):
    import altair as alt

    rows = [
        {"what": r["case"], "edges": r["edges"], "value": max(r[value], 0.1 if value == "megabytes" else 1e-4)}
        for r in pick(records, part="growth")
        if value in r
    ]
    base = _chart(rows)
    if base is None:
        return None
    return (
        base.mark_line(point=True)
        .encode(
            x=alt.X("edges:Q", scale=alt.Scale(type="log"), title="edges"),
            y=alt.Y("value:Q", scale=alt.Scale(type="log"), title=title),
            color=alt.Color("what:N", title=None),
        )
        .properties(width=420, height=280)
    )
