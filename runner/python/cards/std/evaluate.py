"""How well a model does on rows it has not seen."""

from cards.base import BaseCard
from ensemble import figures, scores
from ensemble.estimators import check_measured, features_of
from ensemble.tables import require_column, require_columns


class Evaluate(BaseCard):
    card_type = "std/evaluate"
    display_name = "Evaluate"
    description = "Compares predictions with the truth: accuracy, F1, ROC-AUC, confusion matrix, calibration; R², MSE, MAE of numbers."
    category = "evaluation"
    execution_mode = "local"
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
    input_schema = {"model": "model", "test": "dataframe"}
    output_schema = {"metrics": "json"}

    def execute(self, config, inputs, storage):
        model = storage.load_model(inputs["model"])
        table = storage.load_dataframe(inputs["test"])
        target = config["target"].strip() or getattr(model, "target_name_", "target")
        require_column(table, target, "target column")
        rows = table[table[target].notna()]
        if rows.empty:
            raise ValueError(f"no row of the test table has a value in {target!r}; there is nothing to compare with")
        features = features_of(model, rows.drop(columns=[target]))
        require_columns(rows, features, "the model's column")
        truth, predicted = rows[target], model.predict(rows[features])
        if scores.predicts_numbers(model):
            check_measured(truth, target, at_least=1)
            metrics = scores.score_numbers(truth, predicted)
            picture = figures.fit_picture(truth, predicted, target)
        else:
            metrics = scores.score_classes(model, rows[features], truth, predicted)
            picture = figures.confusion_picture(metrics["labels"], metrics["confusion_matrix"], metrics["calibration"])
        for name, value in metrics.items():
            if isinstance(value, float):
                self.log_metric(name, value)
                print(f"{name}: {value:.4f}")
        print("\n".join(metrics["notes"]))
        storage.save_bytes("_", "_", "chart", picture, "png")
        return {"metrics": storage.save_json("_", "_", "metrics", metrics)}

    def get_output_preview(self, outputs, storage):
        metrics = storage.load_json(outputs["metrics"])
        preview = {
            "metrics": {name: value for name, value in metrics.items() if isinstance(value, (int, float))},
            "chart_ref": outputs["metrics"].replace("metrics.json", "chart.png"),
        }
        if "confusion_matrix" in metrics:
            preview["confusion_matrix"] = {"labels": metrics["labels"], "rows": metrics["confusion_matrix"]}
            preview["per_class"] = {"rows": [{"class": name, **numbers} for name, numbers in metrics["per_class"].items()]}
        return preview
