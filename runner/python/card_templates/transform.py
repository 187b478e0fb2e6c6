"""One table in, one table out."""

from cards.base import BaseCard


class Transform(BaseCard):
    # Nodes on the canvas remember this name. When you change it, Ensemble offers to move them along.
    card_type = "transform"
    display_name = "Transform"
    description = "Puts a column on a scale from 0 to 1."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "column": {
                "type": "string",
                "title": "Column",
                "description": "The column of numbers to rescale. Empty: every column of numbers.",
                # The form offers the columns of the table at the input "dataset".
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        chosen = config["column"].strip()
        if chosen and chosen not in table.columns:
            # Whoever runs the card reads this sentence: say what is wrong and what there is instead.
            raise ValueError(f"there is no column {chosen!r}; the table has {', '.join(map(str, table.columns))}")
        columns = [chosen] if chosen else list(table.select_dtypes("number").columns)
        for number, column in enumerate(columns, start=1):
            low, high = table[column].min(), table[column].max()
            table[column] = (table[column] - low) / (high - low) if high > low else 0.0
            # Shown as a bar on the canvas.
            self.progress(number / len(columns), str(column))
        print(f"rescaled: {', '.join(map(str, columns)) or 'nothing'}")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", table)}

    def get_output_preview(self, outputs, storage):
        table = storage.load_dataframe(outputs["dataset"])
        return {"columns": list(table.columns), "rows": table.head(50).values.tolist(), "total_rows": len(table)}
