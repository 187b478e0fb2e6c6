"""Learns from a table and hands the trained model on."""

from cards.base import BaseCard


class Model(BaseCard):
    # Nodes on the canvas remember this name. When you change it, Ensemble offers to move them along.
    card_type = "model"
    display_name = "Model"
    description = "Trains a random forest to predict a column of numbers from the other ones."
    category = "model"
    execution_mode = "local"
    output_view_type = "model_summary"
    config_schema = {
        "type": "object",
        "properties": {
            "target": {
                "type": "string",
                "title": "Target column",
                "description": "The column of numbers to predict.",
                "format": "column",
                "x-port": "train",
            },
            "trees": {
                "type": "integer",
                "title": "Trees",
                "description": "More trees take longer and give steadier predictions.",
                "minimum": 1,
                "maximum": 2000,
                "default": 100,
            },
        },
        # A field that is required and has no default has to be filled in before the pipeline runs.
        "required": ["target"],
    }
    input_schema = {"train": "dataframe"}
    output_schema = {"model": "model"}

    def execute(self, config, inputs, storage):
        from sklearn.ensemble import RandomForestRegressor

        table = storage.load_dataframe(inputs["train"])
        target = config["target"].strip()
        if target not in table.columns:
            raise ValueError(f"there is no column {target!r}; the table has {', '.join(map(str, table.columns))}")
        features = table.drop(columns=[target]).select_dtypes("number")
        if features.empty:
            raise ValueError(f"besides {target!r} there is no column of numbers to learn from")
        model = RandomForestRegressor(n_estimators=config["trees"], random_state=0)
        model.fit(features, table[target])
        # A card that is given this model can ask it what it was trained for.
        model.target_name_ = target
        self.log_metric("r2_train", float(model.score(features, table[target])))
        summary = {"target": target, "trees": config["trees"], "rows": len(table), "features": ", ".join(features.columns)}
        # Saved beside the model under a name that is no output: the preview finds it there, and people can download it.
        storage.save_json("_", "_", "summary", summary)
        return {"model": storage.save_model("_", "_", "model", model)}

    def get_output_preview(self, outputs, storage):
        summary = storage.load_json(outputs["model"].replace("model.joblib", "summary.json"))
        return {"model_type": "RandomForestRegressor", "hyperparameters": summary}
