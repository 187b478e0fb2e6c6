"""Computes a new column from others."""

from cards.base import BaseCard
from ensemble.expressions import evaluate
from ensemble.tables import require_new_column, table_preview


class Derive(BaseCard):
    card_type = "std/derive"
    display_name = "Derive a column"
    description = "Computes a new column from an expression such as price * amount, log1p(income) or lag(sales, 1)."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "column": {
                "type": "string",
                "title": "Name of the new column",
                "description": "Must not be a column of the table already.",
                "default": "derived",
            },
            "expression": {
                "type": "string",
                "title": "Expression",
                "description": "Columns, numbers, + - * / // % **, comparisons, and/or/not, a if b else c, log(x), lag(x, 1); `odd names`.",
                "default": "",
            },
        },
        "required": ["column", "expression"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        column = require_new_column(table, config["column"])
        derived = table.assign(**{column: evaluate(config["expression"], table)})
        print(f"{column}: {derived[column].dtype}, {int(derived[column].isna().sum()):,} empty cells")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", derived)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
