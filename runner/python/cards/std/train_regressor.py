"""Trains a model of a number. Scaling, filling gaps and encoding are learned from the training rows alone."""

from cards.base import BaseCard
from ensemble import estimators
from ensemble.tables import require_column


class TrainRegressor(BaseCard):
    card_type = "std/train_regressor"
    display_name = "Train regressor"
    description = "Learns to predict a column with numbers from the other columns. Fills gaps, scales where needed and encodes texts."
    category = "training"
    execution_mode = "local"
    output_view_type = "model_summary"
    config_schema = {
        "type": "object",
        "properties": {
            "target": {
                "type": "string",
                "title": "Target column",
                "description": "The column with the numbers to predict.",
                "format": "column",
                "x-port": "train",
                "default": "target",
            },
            "model": {
                "type": "string",
                "title": "Model",
                "description": "Start with ridge; the forest and the boosting need no scaling and find interactions.",
                "enum": ["linear", "ridge", "lasso", "random_forest", "gradient_boosting", "knn", "svm"],
                "default": "ridge",
            },
            "regularization": {
                "type": "number",
                "title": "Regularization",
                "description": "For ridge, lasso (alpha) and svm (1/C): larger values give a simpler model.",
                "minimum": 0.0001,
                "maximum": 10000,
                "default": 1.0,
            },
            "trees": {
                "type": "integer",
                "title": "Trees",
                "description": "For random_forest and gradient_boosting: how many trees.",
                "minimum": 1,
                "maximum": 2000,
                "default": 100,
            },
            "max_depth": {
                "type": "integer",
                "title": "Depth of a tree",
                "description": "For trees; 0 leaves it to the model (a forest: no limit, boosting: 3).",
                "minimum": 0,
                "maximum": 64,
                "default": 0,
            },
            "learning_rate": {
                "type": "number",
                "title": "Learning rate",
                "description": "For gradient_boosting: smaller values need more trees.",
                "minimum": 0.001,
                "maximum": 1,
                "default": 0.1,
            },
            "neighbors": {
                "type": "integer",
                "title": "Neighbours",
                "description": "For knn: how many of the nearest rows count.",
                "minimum": 1,
                "maximum": 500,
                "default": 5,
            },
            "seed": {
                "type": "integer",
                "title": "Seed",
                "description": "The same seed and data give the same model.",
                "minimum": 0,
                "maximum": 4294967295,
                "default": 42,
            },
        },
        "required": ["target", "model"],
    }
    input_schema = {"train": "dataframe"}
    output_schema = {"model": "model", "summary": "json"}

    def execute(self, config, inputs, storage):
        target = config["target"].strip()
        table = storage.load_dataframe(inputs["train"])
        require_column(table, target, "target column")
        rows, notes = estimators.rows_with_target(table, target)
        estimators.check_measured(rows[target], target)
        numbers, texts, left_out = estimators.learnable_columns(rows.drop(columns=[target]))
        hyperparameters, regressor = estimators.regressor(config, len(rows))
        self.progress(0.1, f"training on {len(rows):,} rows")
        model = estimators.prepared(config["model"], regressor, numbers, texts)
        features = numbers + texts
        model.fit(rows[features], rows[target].astype("float64"))
        # Cards that get the model need not be told again what it predicts.
        model.target_name_ = target
        r2 = float(model.score(rows[features], rows[target].astype("float64")))
        self.progress(1.0, "trained")
        print("\n".join([*notes, *left_out, f"{config['model']}: R² on the training rows {r2:.4f}"]))
        summary = {
            "model_type": config["model"],
            "hyperparameters": hyperparameters,
            "target": target,
            "features": features,
            "rows": len(rows),
            "train_r2": r2,
            "notes": notes + left_out,
        }
        return {
            "model": storage.save_model("_", "_", "model", model),
            "summary": storage.save_json("_", "_", "summary", summary),
        }

    def get_output_preview(self, outputs, storage):
        summary = storage.load_json(outputs["summary"])
        kept = ("model_type", "hyperparameters", "target", "rows", "train_r2")
        return {**{name: summary[name] for name in kept}, "features": len(summary["features"])}
