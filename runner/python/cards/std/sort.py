"""Orders the rows of a table."""

from cards.base import BaseCard
from ensemble.tables import listed_columns, table_preview


class Sort(BaseCard):
    card_type = "std/sort"
    display_name = "Sort rows"
    description = "Orders the rows by one or more columns; equal rows keep their order, and empty cells come last."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "columns": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Sort by",
                "description": "The first column decides, the next one among equals, and so on.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "descending": {
                "type": "boolean",
                "title": "Largest first",
                "description": "Turns the order round.",
                "default": False,
            },
        },
        "required": ["columns"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}
    output_columns = {"dataset": "dataset"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        columns = listed_columns(table, config["columns"], "column")
        if not columns:
            raise ValueError("no column is listed; choose at least one to sort by")
        try:
            ordered = table.sort_values(columns, ascending=not config["descending"], kind="stable", na_position="last")
        except TypeError as error:
            raise ValueError(f"the values of {', '.join(columns)} cannot be compared with one another: {error}") from error
        return {"dataset": storage.save_dataframe("_", "_", "dataset", ordered)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
