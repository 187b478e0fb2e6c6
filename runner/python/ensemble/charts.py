"""Vega-Lite specifications with their data inside, small enough for a preview. Colours are left to whoever draws.

Fields are called x, y, color and so on, because Vega-Lite reads dots and brackets in a name as a path; titles carry the real names.
"""

from typing import TYPE_CHECKING, Any

from ensemble.tables import first_rows

if TYPE_CHECKING:
    import pandas

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MAX_ROWS = 5_000


def specification(mark: Any, rows: list[dict[str, Any]], encoding: dict[str, Any], title: str = "", **more: Any) -> dict[str, Any]:
    """One layer. `encoding` as Vega-Lite has it."""
    named = {"title": title} if title else {}
    return {"$schema": SCHEMA, **named, "width": "container", "data": {"values": rows}, "mark": mark, "encoding": encoding, **more}


def counted(table: "pandas.DataFrame", channels: dict[str, str]) -> "pandas.DataFrame":
    """How many rows there are of each x (and colour), as y."""
    return table.groupby([table[column].rename(name) for name, column in channels.items()], dropna=False).size().reset_index(name="y")


def summarised(table: "pandas.DataFrame", channels: dict[str, str], function: str) -> "pandas.DataFrame":
    """The mean, sum, median, min or max of y for each x (and colour). Raises ValueError when y holds no numbers."""
    y = channels["y"]
    if table[y].dtype.kind not in "biuf":
        raise ValueError(f"{function} needs numbers, and column {y!r} holds {table[y].dtype}")
    by = [table[column].rename(name) for name, column in channels.items() if name != "y"]
    return table[y].groupby(by, dropna=False).agg(function).rename("y").reset_index()


def binned(table: "pandas.DataFrame", channels: dict[str, str], bins: int = 30) -> "pandas.DataFrame":
    """How many values of x lie between x and x2, per colour, with the same edges for all colours."""
    import numpy
    import pandas

    finite = table[numpy.isfinite(table[channels["x"]].astype("float64"))]
    edges = numpy.histogram_bin_edges(finite[channels["x"]].astype("float64"), bins=bins)
    color = channels.get("color")
    parts = []
    for name, group in finite.groupby(color, dropna=False) if color else [(None, finite)]:
        counts, _ = numpy.histogram(group[channels["x"]].astype("float64"), edges)
        part = pandas.DataFrame({"x": edges[:-1], "x2": edges[1:], "y": counts})
        parts.append(part.assign(color=name) if color else part)
    return pandas.concat(parts) if parts else pandas.DataFrame({"x": [], "x2": [], "y": []})


def drawn_rows(plotted: "pandas.DataFrame", seed: int) -> tuple[list[dict[str, Any]], str | None]:
    """(records, a note when rows were left out). Above `MAX_ROWS` a seeded sample, in order; times as ISO text."""
    plotted, count = plotted.reset_index(drop=True), len(plotted)
    if count > MAX_ROWS:
        plotted = plotted.sample(MAX_ROWS, random_state=seed).sort_index()
    for name, column in plotted.items():
        if column.dtype.kind == "M":
            plotted[name] = column.dt.strftime("%Y-%m-%dT%H:%M:%S")
    return first_rows(plotted, MAX_ROWS), f"{MAX_ROWS:,} of {count:,} points are drawn" if count > MAX_ROWS else None


def axis(channel: str, column: "pandas.Series") -> dict[str, Any]:
    """The encoding of one column: its kind (a number, a time, a name) and its title."""
    kind = {"i": "quantitative", "u": "quantitative", "f": "quantitative", "M": "temporal"}.get(column.dtype.kind, "nominal")
    return {"field": channel, "type": kind, "title": str(column.name)}
