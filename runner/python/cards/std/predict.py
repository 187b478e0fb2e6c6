"""Applies a trained model to new rows."""

from cards.base import BaseCard
from ensemble.tables import require_columns, table_preview


class Predict(BaseCard):
    card_type = "std/predict"
    display_name = "Predict"
    description = "Adds a model's prediction to every row of a table, with probabilities where the model has them."
    category = "inference"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "column": {
                "type": "string",
                "title": "Name of the new column",
                "description": "Must not be a column of the table already.",
                "default": "prediction",
            },
            "probabilities": {
                "type": "boolean",
                "title": "Add probabilities",
                "description": "One column per class, where the model gives probabilities.",
                "default": True,
            },
        },
        "required": ["column"],
    }
    input_schema = {"model": "model", "dataset": "dataframe"}
    output_schema = {"predictions": "dataframe"}

    def execute(self, config, inputs, storage):
        model = storage.load_model(inputs["model"])
        table = storage.load_dataframe(inputs["dataset"])
        target = getattr(model, "target_name_", None)
        features = list(getattr(model, "feature_names_in_", [name for name in table.columns if name != target]))
        require_columns(table, features, "the model's column")
        new = {config["column"]: []}
        if len(table):
            new[config["column"]] = model.predict(table[features])
            if config["probabilities"] and hasattr(model, "predict_proba"):
                shares = model.predict_proba(table[features])
                new.update({f"probability_{name}": shares[:, i] for i, name in enumerate(model.classes_)})
        for name in new:
            if name in table.columns:
                raise ValueError(f"the table has a column {name!r} already; give the new column another name or rename the old one")
        predictions = table.assign(**new)
        print(f"{len(predictions):,} rows predicted")
        return {"predictions": storage.save_dataframe("_", "_", "predictions", predictions)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["predictions"]))
