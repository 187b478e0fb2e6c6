"""How well a kind of model does on average over several splits."""

from cards.base import BaseCard
from ensemble import estimators, validation
from ensemble.tables import require_column


class CrossValidate(BaseCard):
    card_type = "std/cross_validate"
    display_name = "Cross-validate"
    description = "Trains and tests a model several times, each time on other rows, and shows how the scores vary."
    category = "evaluation"
    execution_mode = "local"
    output_view_type = "metrics"
    config_schema = {
        "type": "object",
        "properties": {
            "target": {
                "type": "string",
                "title": "Target column",
                "description": "The column to predict.",
                "format": "column",
                "x-port": "dataset",
                "default": "target",
            },
            "predict": {
                "type": "string",
                "title": "Predict",
                "description": "auto: numbers when the target looks measured, else classes.",
                "enum": ["auto", "classes", "numbers"],
                "default": "auto",
            },
            "model": {
                "type": "string",
                "title": "Model",
                "description": "linear is logistic regression for classes and ridge for numbers.",
                "enum": ["linear", "random_forest", "gradient_boosting", "knn", "svm"],
                "default": "linear",
            },
            "folds": {
                "type": "integer",
                "title": "Folds",
                "description": "How many times to train and test.",
                "minimum": 2,
                "maximum": 50,
                "default": 5,
            },
            "in_order": {
                "type": "boolean",
                "title": "In order",
                "description": "For time series: each test part comes after the rows that were learned from.",
                "default": False,
            },
            "regularization": {
                "type": "number",
                "title": "Strength",
                "description": "C of logistic regression and svm for classes; alpha of ridge, 1/C of svm for numbers.",
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
    input_schema = {"dataset": "dataframe"}
    output_schema = {"metrics": "json"}

    def execute(self, config, inputs, storage):
        target = config["target"].strip()
        table = storage.load_dataframe(inputs["dataset"])
        require_column(table, target, "target column")
        rows, notes = estimators.rows_with_target(table, target)
        numbers = config["predict"] == "numbers" or (config["predict"] == "auto" and estimators.looks_measured(rows[target]))
        (estimators.check_measured if numbers else estimators.check_classes)(rows[target], target)
        features = rows.drop(columns=[target])
        number_columns, texts, left_out = estimators.learnable_columns(features)
        folds = list(validation.folds(rows[target], config["folds"], numbers, config["in_order"], config["seed"]))
        name = {"linear": "ridge" if numbers else "logistic_regression"}.get(config["model"], config["model"])
        scored = []
        for number, (learn, test) in enumerate(folds):
            self.progress(number / len(folds), f"fold {number + 1} of {len(folds)}")
            make = estimators.regressor if numbers else estimators.classifier
            _, estimator = make({**config, "model": name}, len(learn))
            model = estimators.prepared(name, estimator, number_columns, texts)
            model.fit(features.iloc[learn][number_columns + texts], rows[target].iloc[learn])
            scored.append(validation.score(model, features.iloc[test][number_columns + texts], rows[target].iloc[test], numbers))
            for metric, value in scored[-1].items():
                self.log_metric(metric, value, number + 1)
        metrics = {**validation.summary(scored), "folds": scored, "model_type": name, "rows": len(rows), "notes": notes + left_out}
        print("\n".join(metrics["notes"]))
        return {"metrics": storage.save_json("_", "_", "metrics", metrics)}

    def get_output_preview(self, outputs, storage):
        metrics = storage.load_json(outputs["metrics"])
        folds = [{"fold": number + 1, **scores} for number, scores in enumerate(metrics["folds"])]
        return {"metrics": {name: value for name, value in metrics.items() if isinstance(value, float)}, "folds": {"rows": folds}}
