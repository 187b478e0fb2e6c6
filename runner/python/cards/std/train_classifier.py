"""Trains a classifier on a table. Scaling, filling gaps and encoding are learned from the training rows alone."""

from cards.base import BaseCard
from ensemble import estimators
from ensemble.tables import require_column


class TrainClassifier(BaseCard):
    card_type = "std/train_classifier"
    display_name = "Train classifier"
    description = (
        "Learns to predict a column with classes from the other columns. Scales numbers where the model needs it and encodes texts."
    )
    category = "training"
    execution_mode = "local"
    output_view_type = "model_summary"
    config_schema = {
        "type": "object",
        "properties": {
            "target": {
                "type": "string",
                "title": "Target column",
                "description": "The column with the classes to predict.",
                "format": "column",
                "x-port": "train",
                "default": "target",
            },
            "model": {
                "type": "string",
                "title": "Model",
                "description": "Start with logistic_regression; the forest and the boosting need no scaling and find interactions.",
                "enum": [
                    "logistic_regression",
                    "random_forest",
                    "gradient_boosting",
                    "knn",
                    "svm",
                    "decision_tree",
                    "extra_trees",
                    "naive_bayes",
                ],
                "default": "logistic_regression",
            },
            "regularization": {
                "type": "number",
                "title": "C (inverse regularization)",
                "description": "For logistic_regression and svm: smaller values give a simpler model.",
                "minimum": 0.0001,
                "maximum": 10000,
                "default": 1.0,
            },
            "trees": {
                "type": "integer",
                "title": "Trees",
                "description": "For random_forest, extra_trees and gradient_boosting: how many trees.",
                "minimum": 1,
                "maximum": 2000,
                "default": 100,
            },
            "max_depth": {
                "type": "integer",
                "title": "Depth of a tree",
                "description": "For trees and forests; 0 leaves it to the model (a forest or tree: no limit, boosting: 3).",
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
                "description": "For knn: how many of the nearest rows vote.",
                "minimum": 1,
                "maximum": 500,
                "default": 5,
            },
            "seed": {
                "type": "integer",
                "title": "Seed",
                "description": "Any whole number; the same seed and data give the same model.",
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
        estimators.check_classes(rows[target], target)
        numbers, texts, left_out = estimators.learnable_columns(rows.drop(columns=[target]))
        notes += left_out
        hyperparameters, classifier = estimators.classifier(config, len(rows))
        self.progress(0.1, f"training on {len(rows):,} rows")
        model = estimators.prepared(config["model"], classifier, numbers, texts)
        features = numbers + texts
        model.fit(rows[features], rows[target])
        # Cards that get the model need not be told again what it predicts.
        model.target_name_ = target
        accuracy = float(model.score(rows[features], rows[target]))
        self.progress(1.0, "trained")
        for note in notes:
            print(note)
        print(f"{config['model']}: accuracy on the training rows {accuracy:.4f}")
        summary = {
            "model_type": config["model"],
            "hyperparameters": hyperparameters,
            "target": target,
            "classes": [str(name) for name in model.classes_],
            "features": features,
            "rows": len(rows),
            "train_accuracy": accuracy,
            "notes": notes,
        }
        return {
            "model": storage.save_model("_", "_", "model", model),
            "summary": storage.save_json("_", "_", "summary", summary),
        }

    def get_output_preview(self, outputs, storage):
        summary = storage.load_json(outputs["summary"])
        classes, features = summary["classes"], summary["features"]
        return {
            "model_type": summary["model_type"],
            "hyperparameters": summary["hyperparameters"],
            "target": summary["target"],
            "classes": ", ".join(classes[:12]) + (" …" if len(classes) > 12 else ""),
            "features": len(features),
            "rows": summary["rows"],
            "train_accuracy": summary["train_accuracy"],
        }
