"""Removes columns and, where asked, rows."""

from cards.base import BaseCard
from ensemble.tables import listed_columns, table_preview


class Drop(BaseCard):
    card_type = "std/drop"
    display_name = "Drop columns or rows"
    description = "Removes the listed columns; also, where asked, rows with gaps and rows that occur twice."
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
                "description": "The columns to remove.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "rows_with_gaps": {
                "type": "boolean",
                "title": "Drop rows with gaps",
                "description": "Removes every row with an empty cell in the remaining columns.",
                "default": False,
            },
            "repeated_rows": {
                "type": "boolean",
                "title": "Drop repeated rows",
                "description": "Of rows that are equal in the remaining columns, keeps the first.",
                "default": False,
            },
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        kept = table.drop(columns=listed_columns(table, config["columns"], "column"))
        if config["rows_with_gaps"]:
            kept = kept.dropna()
        if config["repeated_rows"]:
            kept = kept.drop_duplicates()
        if kept.shape[1] == 0:
            raise ValueError("every column would be removed; leave at least one")
        print(f"{table.shape[1] - kept.shape[1]} columns and {len(table) - len(kept):,} rows removed; {len(kept):,} rows remain")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", kept)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
