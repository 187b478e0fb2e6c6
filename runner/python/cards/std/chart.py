"""A picture of a table."""

from cards.base import BaseCard
from ensemble.charts import axis, binned, counted, drawn_rows, specification, summarised
from ensemble.tables import require_column

_MARKS = {"bar": "bar", "line": "line", "point": "point", "area": "area", "histogram": "bar", "boxplot": "boxplot"}
_ROWS = {"field": "y", "type": "quantitative", "title": "rows"}


class Chart(BaseCard):
    card_type = "std/chart"
    display_name = "Chart"
    description = "Draws columns of a table as bars, lines, points, areas, boxes or a histogram."
    category = "data"
    execution_mode = "local"
    output_view_type = "chart"
    config_schema = {
        "type": "object",
        "properties": {
            "kind": {
                "type": "string",
                "title": "Kind",
                "description": "histogram counts the values of x; boxplot shows y for each x.",
                "enum": ["bar", "line", "point", "area", "histogram", "boxplot"],
                "default": "bar",
            },
            "x": {
                "type": "string",
                "title": "Across",
                "description": "The column of the horizontal axis.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "y": {
                "type": "string",
                "title": "Up",
                "description": "The column of the vertical axis. Empty: the number of rows.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "color": {
                "type": "string",
                "title": "Colour",
                "description": "A column whose values get colours of their own.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "aggregate": {
                "type": "string",
                "title": "Rows of one x",
                "description": "What to draw of the values of y that share an x.",
                "enum": ["none", "mean", "sum", "median", "min", "max"],
                "default": "none",
            },
            "title": {
                "type": "string",
                "title": "Title",
                "description": "Above the chart.",
                "default": "",
            },
            "seed": {
                "type": "integer",
                "title": "Seed",
                "description": "Any whole number; another one gives another result.",
                "minimum": 0,
                "maximum": 4294967295,
                "default": 42,
            },
        },
        "required": ["kind", "x"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"chart": "json"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        channels = {name: config[name].strip() for name in ("x", "y", "color") if config[name].strip()}
        for name, column in channels.items():
            require_column(table, column, f"column of {name}")
        kind, aggregate = config["kind"], config["aggregate"]
        if kind not in _MARKS:
            raise ValueError(f"kind {kind!r} does not exist; choose one of {', '.join(_MARKS)}")
        if "x" not in channels:
            raise ValueError("no column is chosen for x; choose the one of the horizontal axis")
        if kind in ("line", "point", "area", "boxplot") and "y" not in channels:
            raise ValueError(f"a {kind} chart needs a column for y")
        plotted, encoding = _plot(table, channels, kind, aggregate)
        rows, note = drawn_rows(plotted, config["seed"])
        if note:
            print(note)
        spec = specification({"type": _MARKS[kind], "tooltip": True}, rows, encoding, config["title"].strip(), height=320)
        return {"chart": storage.save_json("_", "_", "chart", spec)}

    def get_output_preview(self, outputs, storage):
        return storage.load_json(outputs["chart"])


def _plot(table, channels, kind, aggregate):
    """(what is drawn, the encoding). Rows are counted and summarised here, so that a sample of points never distorts a sum."""
    if kind == "histogram":
        channels.pop("y", None)
    encoding = {name: axis(name, table[column]) for name, column in channels.items()}
    if kind == "histogram" and encoding["x"]["type"] == "quantitative":
        encoding["x"]["bin"] = {"binned": True}
        encoding |= {"x2": {"field": "x2"}, "y": _ROWS}
        return binned(table, channels), encoding
    if "y" not in channels:
        return counted(table, channels), encoding | {"y": _ROWS}
    if aggregate != "none" and kind != "boxplot":
        encoding["y"]["title"] = f"{aggregate} of {channels['y']}"
        return summarised(table, channels, aggregate), encoding
    return table[list(channels.values())].set_axis(list(channels), axis=1), encoding
