"""Brings numbers to one scale, by the ranges of the training rows."""

from cards.base import BaseCard
from ensemble.fitted_columns import chosen_columns, fit_scale
from ensemble.tables import table_preview


class Scale(BaseCard):
    card_type = "std/scale"
    display_name = "Scale numbers"
    description = "Brings numbers to one scale, learned from the training rows. Apply does the same to other rows."
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
                "description": "The columns to scale. Empty: every column of numbers.",
                "format": "columns",
                "x-port": "train",
                "default": [],
            },
            "method": {
                "type": "string",
                "title": "Method",
                "description": "standard: mean 0, deviation 1. min_max: from 0 to 1. robust: by median and quartiles.",
                "enum": ["standard", "min_max", "robust"],
                "default": "standard",
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
        columns = chosen_columns(table, config["columns"], config["target"], "iuf")
        fitted = fit_scale(table, columns, config["method"])
        print(f"{len(columns)} columns: {', '.join(columns)}")
        return {
            "train": storage.save_dataframe("_", "_", "train", fitted.apply(table)),
            "transformer": storage.save_model("_", "_", "transformer", fitted),
        }

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["train"]))
