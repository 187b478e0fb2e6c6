"""Draws a picture of a table."""

from cards.base import BaseCard


class Image(BaseCard):
    # Nodes on the canvas remember this name. When you change it, Ensemble offers to move them along.
    card_type = "image"
    display_name = "Image"
    description = "Draws one column of a table over another as points."
    category = "evaluation"
    execution_mode = "local"
    output_view_type = "image"
    config_schema = {
        "type": "object",
        "properties": {
            "x": {
                "type": "string",
                "title": "Across",
                "description": "Column of numbers. Empty: the first one.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "y": {
                "type": "string",
                "title": "Up",
                "description": "Column of numbers. Empty: the second one.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"picture": "image"}

    def execute(self, config, inputs, storage):
        import io

        # A Figure of its own rather than pyplot: there is no window to draw in, and nothing stays behind.
        from matplotlib.figure import Figure

        table = storage.load_dataframe(inputs["dataset"])
        numbers = list(table.select_dtypes("number").columns)
        if len(numbers) < 2:
            raise ValueError(f"a picture needs two columns of numbers, and this table has {len(numbers)}")
        x, y = config["x"].strip() or numbers[0], config["y"].strip() or numbers[1]
        for column in (x, y):
            if column not in table.columns:
                raise ValueError(f"there is no column {column!r}; the table has {', '.join(map(str, table.columns))}")
        figure = Figure(figsize=(5.6, 4), layout="constrained", facecolor="white")
        axes = figure.subplots()
        axes.scatter(table[x], table[y], s=14, alpha=0.6)
        axes.set_xlabel(str(x))
        axes.set_ylabel(str(y))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=130)
        # Bytes keep the ending that you give them; PNG, JPEG, GIF and WebP are shown as pictures.
        return {"picture": storage.save_bytes("_", "_", "picture", buffer.getvalue(), "png")}

    def get_output_preview(self, outputs, storage):
        # The reference of a saved picture is enough: the browser fetches it.
        return {"image_ref": outputs["picture"]}
