"""Turns texts into numbers, by what the training rows hold."""

from cards.base import BaseCard
from ensemble.fitted_columns import chosen_columns, fit_encoding
from ensemble.tables import table_preview


class Encode(BaseCard):
    card_type = "std/encode"
    display_name = "Encode texts"
    description = "Turns texts into numbers, learned from the training rows. Apply does the same to other rows."
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
                "description": "The columns to encode. Empty: every column of texts.",
                "format": "columns",
                "x-port": "train",
                "default": [],
            },
            "method": {
                "type": "string",
                "title": "Method",
                "description": "one_hot: a column of 0 and 1 per text. ordinal: a number per text, -1 for one never seen.",
                "enum": ["one_hot", "ordinal"],
                "default": "one_hot",
            },
            "max_categories": {
                "type": "integer",
                "title": "Most texts per column",
                "description": "Rarer texts are treated like texts never seen.",
                "minimum": 1,
                "maximum": 1000,
                "default": 50,
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

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["train"])
        columns = chosen_columns(table, config["columns"], config["target"], "O")
        fitted = fit_encoding(table, columns, config["method"], config["max_categories"])
        print(f"{len(columns)} columns: {', '.join(columns)}")
        return {
            "train": storage.save_dataframe("_", "_", "train", fitted.apply(table)),
            "transformer": storage.save_model("_", "_", "transformer", fitted),
        }

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["train"]))
