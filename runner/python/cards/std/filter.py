"""Keeps the rows that meet one condition."""

from cards.base import BaseCard
from ensemble.conditions import matching_rows
from ensemble.tables import require_column, table_preview


class Filter(BaseCard):
    card_type = "std/filter"
    display_name = "Filter rows"
    description = "Keeps the rows in which a column meets a condition."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "column": {
                "type": "string",
                "title": "Column",
                "description": "The column to look at.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "operator": {
                "type": "string",
                "title": "Condition",
                "description": "in: the value is a list, separated by commas. contains and starts_with ignore case.",
                "enum": ["==", "!=", "<", "<=", ">", ">=", "in", "contains", "starts_with", "is_empty", "is_not_empty"],
                "default": "==",
            },
            "value": {
                "type": "string",
                "title": "Value",
                "description": "What to compare with; a date is written as 2026-01-31.",
                "default": "",
            },
        },
        "required": ["column", "operator"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}
    output_columns = {"dataset": "dataset"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        column = config["column"].strip()
        require_column(table, column, "column")
        kept = table[matching_rows(table[column], config["operator"], config["value"])]
        print(f"{len(kept):,} of {len(table):,} rows kept")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", kept)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
