"""Fills gaps with what the training rows say."""

from cards.base import BaseCard
from ensemble.fitted_columns import chosen_columns, fit_fill
from ensemble.tables import table_preview


class Impute(BaseCard):
    card_type = "std/impute"
    display_name = "Fill gaps"
    description = "Fills empty cells with values learned from the training rows. Apply does the same to other rows."
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
                "description": "The columns to fill. Empty: all.",
                "format": "columns",
                "x-port": "train",
                "default": [],
            },
            "strategy": {
                "type": "string",
                "title": "Fill with",
                "description": "median and mean are for numbers; other columns get their most frequent value.",
                "enum": ["median", "mean", "most_frequent", "constant"],
                "default": "median",
            },
            "value": {
                "type": "string",
                "title": "Constant",
                "description": "What constant fills in.",
                "default": "0",
            },
            "target": {
                "type": "string",
                "title": "Column to leave alone",
                "description": "Not touched unless it is listed above.",
                "format": "column",
                "x-port": "train",
                "default": "target",
            },
        },
        "required": [],
    }
    input_schema = {"train": "dataframe"}
    output_schema = {"train": "dataframe", "transformer": "model"}
    output_columns = {"train": "train"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["train"])
        columns = chosen_columns(table, config["columns"], config["target"], "biufOmM")
        fitted = fit_fill(table, columns, config["strategy"], config["value"])
        print(f"{len(columns)} columns: {', '.join(columns)}")
        return {
            "train": storage.save_dataframe("_", "_", "train", fitted.apply(table)),
            "transformer": storage.save_model("_", "_", "transformer", fitted),
        }

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["train"]))
