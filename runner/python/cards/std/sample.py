"""Takes some rows of a table."""

from cards.base import BaseCard
from ensemble.tables import table_preview


class Sample(BaseCard):
    card_type = "std/sample"
    display_name = "Sample rows"
    description = "Takes some rows, at random or the first ones. The same seed gives the same rows."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "rows": {
                "type": "integer",
                "title": "Rows",
                "description": "How many rows to take. 0: the share below decides.",
                "minimum": 0,
                "default": 0,
            },
            "share": {
                "type": "number",
                "title": "Share",
                "description": "The share of the rows to take, when the number of rows is 0.",
                "minimum": 0.0001,
                "maximum": 1,
                "default": 0.1,
            },
            "method": {
                "type": "string",
                "title": "Which rows",
                "description": "random takes them from everywhere and keeps their order.",
                "enum": ["random", "first", "last"],
                "default": "random",
            },
            "seed": {
                "type": "integer",
                "title": "Seed",
                "description": "Any whole number; another one gives another result.",
                "minimum": 0,
                "maximum": 4294967295,
                "default": 42,
            },
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}
    output_columns = {"dataset": "dataset"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        count = config["rows"] or max(1, round(config["share"] * len(table)))
        if count > len(table):
            print(f"the table has only {len(table):,} rows; all are taken")
            count = len(table)
        if config["method"] == "random":
            taken = table.sample(count, random_state=config["seed"]).sort_index()
        elif config["method"] in ("first", "last"):
            taken = table.head(count) if config["method"] == "first" else table.tail(count)
        else:
            raise ValueError(f"method {config['method']!r} does not exist; choose random, first or last")
        print(f"{count:,} of {len(table):,} rows taken")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", taken)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
