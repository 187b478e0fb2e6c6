"""What a model looks at."""

from cards.base import BaseCard
from ensemble.charts import specification
from ensemble.estimators import features_of
from ensemble.tables import first_rows, require_column, require_columns


class FeatureImportance(BaseCard):
    card_type = "std/feature_importance"
    display_name = "Feature importance"
    description = "Shuffles one column after the other and measures how much worse the model gets."
    category = "evaluation"
    execution_mode = "local"
    output_view_type = "chart"
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
            "repeats": {
                "type": "integer",
                "title": "Repeats",
                "description": "How often each column is shuffled.",
                "minimum": 1,
                "maximum": 100,
                "default": 5,
            },
            "max_rows": {
                "type": "integer",
                "title": "Rows",
                "description": "At most so many rows, drawn at random, are used.",
                "minimum": 10,
                "maximum": 1000000,
                "default": 5000,
            },
            "seed": {
                "type": "integer",
                "title": "Seed",
                "description": "Any whole number; another one gives another result.",
                "minimum": 0,
                "maximum": 4294967295,
                "default": 42,
            },
        },
        "required": [],
    }
    input_schema = {"model": "model", "test": "dataframe"}
    output_schema = {"importance": "dataframe"}
    output_columns = {"importance": ["column", "importance", "deviation"]}

    def execute(self, config, inputs, storage):
        import pandas
        from sklearn.inspection import permutation_importance

        model = storage.load_model(inputs["model"])
        table = storage.load_dataframe(inputs["test"])
        target = config["target"].strip() or getattr(model, "target_name_", "target")
        require_column(table, target, "target column")
        rows = table[table[target].notna()]
        if rows.empty:
            raise ValueError(f"no row of the test table has a value in {target!r}; there is nothing to compare with")
        rows = rows.sample(min(len(rows), config["max_rows"]), random_state=config["seed"])
        features = features_of(model, rows.drop(columns=[target]))
        require_columns(rows, features, "the model's column")
        self.progress(0.1, f"shuffling {len(features)} columns of {len(rows):,} rows")
        found = permutation_importance(model, rows[features], rows[target], n_repeats=config["repeats"], random_state=config["seed"])
        measured = {"column": features, "importance": found.importances_mean, "deviation": found.importances_std}
        importance = pandas.DataFrame(measured).sort_values("importance", ascending=False, kind="stable")
        print(importance.head(10).to_string(index=False))
        return {"importance": storage.save_dataframe("_", "_", "importance", importance)}

    def get_output_preview(self, outputs, storage):
        rows = first_rows(storage.load_dataframe(outputs["importance"]), 40)
        encoding = {
            "y": {"field": "column", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 200}},
            "x": {"field": "importance", "type": "quantitative", "title": "score lost when the column is shuffled"},
            "tooltip": [{"field": name} for name in ("column", "importance", "deviation")],
        }
        return specification({"type": "bar"}, rows, encoding, height={"step": 18})
