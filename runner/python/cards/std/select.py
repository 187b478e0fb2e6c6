"""Keeps some columns of a table."""

from cards.base import BaseCard
from ensemble.tables import listed_columns, table_preview


class Select(BaseCard):
    card_type = "std/select"
    display_name = "Select columns"
    description = "Keeps the listed columns, in the listed order."
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
                "description": "The columns to keep, in this order.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
        },
        "required": ["columns"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        columns = listed_columns(table, config["columns"], "column")
        if not columns:
            raise ValueError("no column is listed; choose at least one to keep")
        print(f"{len(columns)} of {table.shape[1]} columns kept")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", table[columns])}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
