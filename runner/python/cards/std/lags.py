"""Adds earlier values of a column, so that a model can learn from the past."""

from cards.base import BaseCard
from ensemble.tables import listed_columns, require_column, require_new_column, table_preview


class Lags(BaseCard):
    card_type = "std/lags"
    display_name = "Lags"
    description = "Adds earlier values of columns to each row: the value 1 row before, 2 rows before, and so on, in the order of time."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "columns": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Columns",
                "description": "The columns whose earlier values are added.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "time": {
                "type": "string",
                "title": "Time column",
                "description": "The rows are put in this order first. Empty: they are in order already.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "groups": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Series",
                "description": "Columns that tell several series apart, such as shop. Values never cross from one to another.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "lags": {
                "type": "integer",
                "title": "Lags",
                "description": "How many earlier values to add.",
                "minimum": 1,
                "maximum": 500,
                "default": 3,
            },
            "season": {
                "type": "integer",
                "title": "Season",
                "description": "Also adds the value this many rows before, such as 12 for months. 0: none.",
                "minimum": 0,
                "maximum": 10000,
                "default": 0,
            },
            "drop_incomplete": {
                "type": "boolean",
                "title": "Drop rows without a full past",
                "description": "The first rows of a series have no earlier values.",
                "default": True,
            },
        },
        "required": ["columns"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        columns = listed_columns(table, config["columns"], "column")
        groups = listed_columns(table, config["groups"], "series column")
        if not columns:
            raise ValueError("no column is listed; choose at least one whose earlier values to add")
        time = config["time"].strip()
        if time:
            require_column(table, time, "time column")
            table = table.sort_values([*groups, time], kind="stable")
        steps = sorted({*range(1, config["lags"] + 1), *([config["season"]] if config["season"] else [])})
        new = {}
        for column in columns:
            source = table.groupby(groups, dropna=False)[column] if groups else table[column]
            new.update({require_new_column(table, f"{column}_lag_{step}"): source.shift(step) for step in steps})
        lagged = table.assign(**new)
        if config["drop_incomplete"]:
            lagged = lagged.dropna(subset=list(new))
            if lagged.empty:
                raise ValueError(f"no row has {steps[-1]} earlier rows; use fewer lags or a shorter season")
        print(f"{len(new)} columns added, {len(table) - len(lagged):,} rows without a full past removed")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", lagged)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
