"""Brings two tables together by equal values."""

from cards.base import BaseCard
from ensemble.tables import listed_columns, table_preview

_MAX_PAIRS = 20_000_000


class Join(BaseCard):
    card_type = "std/join"
    display_name = "Join tables"
    description = "Puts the columns of two tables side by side, where the key columns are equal."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "on": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Key columns",
                "description": "Columns that both tables have.",
                "format": "columns",
                "x-port": "left",
                "default": [],
            },
            "how": {
                "type": "string",
                "title": "Rows to keep",
                "description": "inner: only pairs; left, right: all rows of that table; outer: all rows of both.",
                "enum": ["inner", "left", "right", "outer"],
                "default": "left",
            },
            "suffix": {
                "type": "string",
                "title": "Suffix",
                "description": "Added to columns of the right table whose names the left table has too.",
                "default": "_right",
            },
        },
        "required": ["on"],
    }
    input_schema = {"left": "dataframe", "right": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        left, right = storage.load_dataframe(inputs["left"]), storage.load_dataframe(inputs["right"])
        on = listed_columns(left, config["on"], "key column of the left table")
        listed_columns(right, on, "key column of the right table")
        if not on:
            raise ValueError("no key column is listed; choose at least one that both tables have")
        if config["how"] not in ("inner", "left", "right", "outer"):
            raise ValueError(f"{config['how']!r} does not exist; choose inner, left, right or outer")
        suffix = config["suffix"].strip() or "_right"
        try:
            pairs = _pairs(left, right, on)
            if pairs > _MAX_PAIRS:
                raise OverflowError(f"the join would make {pairs:,} rows, more than {_MAX_PAIRS:,}: {', '.join(on)} repeats in both tables")
            joined = left.merge(right, on=on, how=config["how"], suffixes=("", suffix))
        except ValueError as error:
            kinds = ", ".join(f"{name}: {left[name].dtype} and {right[name].dtype}" for name in on)
            raise ValueError(f"the key columns hold values of different types ({kinds}); derive one like the other first") from error
        twice = joined.columns[joined.columns.duplicated()]
        if len(twice):
            raise ValueError(f"two columns would be called {twice[0]!r}; choose another suffix")
        print(f"{len(left):,} and {len(right):,} rows joined to {len(joined):,}")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", joined)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))


def _pairs(left, right, on):
    """How many pairs of rows have equal keys, counted without making them."""
    counts = [side.groupby(on, dropna=False).size().rename(name).reset_index() for side, name in ((left, "#left"), (right, "#right"))]
    both = counts[0].merge(counts[1], on=on)
    return int((both["#left"] * both["#right"]).sum())
