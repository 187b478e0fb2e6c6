"""A table that others can work with: from a file of the project, or made up while no file is chosen."""

from cards.base import BaseCard


class DataSource(BaseCard):
    # Nodes on the canvas remember this name. When you change it, Ensemble offers to move them along.
    card_type = "data_source"
    display_name = "Data source"
    description = "Reads a CSV file of the project, or makes up some rows to try things out."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    # Every property is a field of the form beside the canvas.
    config_schema = {
        "type": "object",
        "properties": {
            "file": {"type": "file", "title": "File", "description": "A CSV file of this project. Empty: rows are made up."},
            "rows": {
                "type": "integer",
                "title": "Rows",
                "description": "How many rows to make up.",
                "minimum": 1,
                "maximum": 100000,
                "default": 200,
            },
        },
        "required": [],
    }
    # A data source has nothing before it.
    input_schema = {}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        # Import what is large in here: the card is then read and listed without waiting for it.
        import numpy
        import pandas

        if config.get("file"):
            # A field of type "file" arrives as the path of a file that can be read.
            table = pandas.read_csv(config["file"])
        else:
            # A seed of its own: the same settings give the same rows.
            random = numpy.random.default_rng(0)
            size = random.normal(50, 12, config["rows"])
            table = pandas.DataFrame(
                {
                    "size": size.round(1),
                    "age": random.integers(0, 80, config["rows"]),
                    "price": (size * 3 + random.normal(0, 10, config["rows"])).round(2),
                }
            )
        # What is printed shows in the log of the card while it runs.
        print(f"{len(table):,} rows, {table.shape[1]} columns")
        # The two ids are filled in by Ensemble; "dataset" is the output's name.
        return {"dataset": storage.save_dataframe("_", "_", "dataset", table)}

    def get_output_preview(self, outputs, storage):
        table = storage.load_dataframe(outputs["dataset"])
        return {"columns": list(table.columns), "rows": table.head(50).values.tolist(), "total_rows": len(table)}
