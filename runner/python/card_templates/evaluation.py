"""Says how good a model is on rows that it has not seen."""

from cards.base import BaseCard


class Evaluation(BaseCard):
    # Nodes on the canvas remember this name. When you change it, Ensemble offers to move them along.
    card_type = "evaluation"
    display_name = "Evaluation"
    description = "Compares what a model predicts with a column of true numbers."
    category = "evaluation"
    execution_mode = "local"
    # Every number of the preview becomes a tile.
    output_view_type = "metrics"
    config_schema = {
        "type": "object",
        "properties": {
            "target": {
                "type": "string",
                "title": "Target column",
                "description": "The column with the truth. Empty: the one the model was trained for.",
                "format": "column",
                "x-port": "test",
                "default": "",
            },
        },
        "required": [],
    }
    # Ports of other types than "dataframe" and "model" are fine too: json, image, text, file, or a name of your own.
    input_schema = {"model": "model", "test": "dataframe"}
    output_schema = {"metrics": "json"}

    def execute(self, config, inputs, storage):
        model = storage.load_model(inputs["model"])
        table = storage.load_dataframe(inputs["test"])
        target = config["target"].strip() or getattr(model, "target_name_", "")
        if target not in table.columns:
            raise ValueError(f"there is no column {target!r}; the table has {', '.join(map(str, table.columns))}")
        names = getattr(model, "feature_names_in_", None)
        features = table[list(names)] if names is not None else table.drop(columns=[target])
        predicted, truth = model.predict(features), table[target]
        error = truth - predicted
        spread = float(((truth - truth.mean()) ** 2).sum())
        metrics = {
            "mean_absolute_error": float(error.abs().mean()),
            "root_mean_squared_error": float((error**2).mean() ** 0.5),
            # Of rows that are all alike, nothing can be explained.
            "r2": 1 - float((error**2).sum()) / spread if spread else 0.0,
            "rows": len(table),
        }
        for name, value in metrics.items():
            self.log_metric(name, value)
        return {"metrics": storage.save_json("_", "_", "metrics", metrics)}

    def get_output_preview(self, outputs, storage):
        return storage.load_json(outputs["metrics"])
