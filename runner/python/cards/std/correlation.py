"""Which columns go together."""

from cards.base import BaseCard
from ensemble.charts import specification
from ensemble.fitted_columns import chosen_columns

_MAX_DRAWN = 60


class Correlation(BaseCard):
    card_type = "std/correlation"
    display_name = "Correlation"
    description = "How strongly each pair of number columns goes together, from -1 to 1."
    category = "data"
    execution_mode = "local"
    output_view_type = "chart"
    config_schema = {
        "type": "object",
        "properties": {
            "columns": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Columns",
                "description": "Columns of numbers. Empty: all of them.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "method": {
                "type": "string",
                "title": "Method",
                "description": "pearson: along a line. spearman: the same order.",
                "enum": ["pearson", "spearman"],
                "default": "pearson",
            },
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"correlation": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        columns = chosen_columns(table, config["columns"], "", "iufb")
        texts = [name for name in columns if table[name].dtype.kind not in "iufb"]
        if texts:
            raise ValueError(f"column {texts[0]!r} holds {table[texts[0]].dtype}; only numbers can be correlated")
        if config["method"] not in ("pearson", "spearman"):
            raise ValueError(f"method {config['method']!r} does not exist; choose pearson or spearman")
        matrix = table[columns].astype("float64").corr(config["method"])
        matrix.insert(0, "column", columns)
        return {"correlation": storage.save_dataframe("_", "_", "correlation", matrix)}

    def get_output_preview(self, outputs, storage):
        matrix = storage.load_dataframe(outputs["correlation"])
        names = list(matrix["column"][:_MAX_DRAWN])
        cells = [
            {"x": other, "y": name, "r": None if value != value else round(float(value), 4)}
            for name, row in zip(names, matrix[names].values, strict=False)
            for other, value in zip(names, row, strict=True)
        ]
        encoding = {
            "x": {"field": "x", "type": "nominal", "sort": names, "title": None},
            "y": {"field": "y", "type": "nominal", "sort": names, "title": None},
            "color": {"field": "r", "type": "quantitative", "title": "r", "scale": {"domain": [-1, 1], "scheme": "blueorange"}},
            "tooltip": [{"field": name} for name in ("y", "x", "r")],
        }
        return specification({"type": "rect"}, cells, encoding, height={"step": 18})
