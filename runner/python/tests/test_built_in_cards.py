"""Load table, split, train classifier, evaluate and predict, each on its tables, run by the harness as in production."""

from pathlib import Path

import pandas as pd
import pytest
from conftest import Project, Ran

from ensemble import wire_json
from ensemble.estimators import CLASSIFIERS
from ensemble.storage import Storage

TRAIN = {
    "target": "target",
    "model": "logistic_regression",
    "regularization": 1.0,
    "trees": 30,
    "max_depth": 0,
    "learning_rate": 0.1,
    "neighbors": 5,
    "seed": 1,
}


@pytest.fixture
def project(warm_project: Project) -> Project:
    return warm_project


def load(project: Project, table: str) -> Ran:
    return project.step("cards/std/load_table.py", "LoadTable", {"dataset": "dataframe"}, config={"table": table}).succeeded()


def ref(ran: Ran, key: str) -> str:
    assert ran.result is not None
    return next(a["ref"] for a in ran.result["artifacts"] if a["key"] == key)


def split(project: Project, dataset: str, **config: object) -> Ran:
    settings = {"test_size": 0.25, "stratify": "", "time_column": "", "seed": 42, **config}
    return project.step("cards/std/split.py", "Split", {"train": "dataframe", "test": "dataframe"}, {"dataset": dataset}, settings)


def train(project: Project, rows: str, **config: object) -> Ran:
    return project.step(
        "cards/std/train_classifier.py", "TrainClassifier", {"model": "model", "summary": "json"}, {"train": rows}, {**TRAIN, **config}
    )


def evaluate(project: Project, model: str, test: str, target: str = "") -> Ran:
    return project.step("cards/std/evaluate.py", "Evaluate", {"metrics": "json"}, {"model": model, "test": test}, {"target": target})


def predict(project: Project, model: str, rows: str, **config: object) -> Ran:
    settings = {"column": "prediction", "probabilities": True, **config}
    return project.step("cards/std/predict.py", "Predict", {"predictions": "dataframe"}, {"model": model, "dataset": rows}, settings)


def frame(path: Path):
    return Storage(str(path.parent.parent), "", "").load_dataframe(f"{path.parent.name}/{path.name}")


@pytest.mark.parametrize("model", CLASSIFIERS)
def test_iris_is_learned_from_table_to_prediction_with_every_model(project: Project, model: str) -> None:
    table = load(project, "iris")
    assert table.preview["shape"] == {"rows": 150, "cols": 5}
    assert table.preview["rows"][0]["target"] == "setosa"
    parts = split(project, ref(table, "dataset"), stratify="target").succeeded()
    assert parts.preview["train"]["row_count"] == 112 and parts.preview["test"]["row_count"] == 38
    assert parts.preview["split_ratio"] == 0.7467
    trained = train(project, ref(parts, "train"), model=model).succeeded()
    assert trained.preview["model_type"] == model
    scored = evaluate(project, ref(trained, "model"), ref(parts, "test")).succeeded()
    metrics = wire_json.loads(scored.output("metrics").read_text())
    assert metrics["accuracy"] > 0.85 and metrics["f1_macro"] > 0.85
    assert sum(map(sum, metrics["confusion_matrix"])) == 38
    assert metrics["labels"] == ["setosa", "versicolor", "virginica"]
    assert (metrics["roc_auc"] is None) == (model == "svm")
    assert scored.preview["metrics"]["rows"] == 38
    predicted = predict(project, ref(trained, "model"), ref(parts, "test")).succeeded()
    table = frame(predicted.output("predictions"))
    assert (table["prediction"] == table["target"]).mean() == pytest.approx(metrics["accuracy"])
    assert ("probability_setosa" in table.columns) == (model != "svm")


@pytest.mark.parametrize(
    ("table", "rows", "columns"), [("wine", 178, 14), ("breast_cancer", 569, 31), ("diabetes", 442, 11), ("digits", 1797, 65)]
)
def test_every_bundled_table_loads_and_those_with_classes_are_learned(project: Project, table: str, rows: int, columns: int) -> None:
    loaded = load(project, table)
    assert loaded.preview["shape"] == {"rows": rows, "cols": columns}
    parts = split(project, ref(loaded, "dataset")).succeeded()
    trained = train(project, ref(parts, "train"))
    if table == "diabetes":
        assert "looks like a measured number" in trained.error()["message"]
        return
    metrics = wire_json.loads(
        evaluate(project, ref(trained.succeeded(), "model"), ref(parts, "test")).succeeded().output("metrics").read_text()
    )
    assert metrics["accuracy"] > 0.9 and metrics["roc_auc"] > 0.95


def test_the_made_up_series_is_always_the_same(project: Project) -> None:
    one, again = (load(project, "monthly_sales") for _ in range(2))
    assert one.output("dataset").read_bytes() == again.output("dataset").read_bytes()
    table = project.frame(one)
    assert list(table.columns) == ["month", "price", "sales"] and len(table) == 144 and table["month"].is_monotonic_increasing
    assert "does not exist; choose one of" in project.std("load_table", table="cars").error()["message"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(project: Project) -> None:
    data = ref(load(project, "iris"), "dataset")
    one, again, other = (split(project, data, seed=seed).succeeded().output("train").read_bytes() for seed in (1, 1, 2))
    assert one == again != other
    rows = ref(split(project, data), "train")
    first, second = (train(project, rows, model="random_forest").succeeded().output("model").read_bytes() for _ in range(2))
    assert first == second


def test_a_split_by_time_tests_with_the_latest_rows_and_keeps_one_moment_together(project: Project) -> None:
    days = pd.to_datetime(["2026-01-03", "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-01", "2026-01-04", "2026-01-03", "2026-01-02"])
    data = project.table(pd.DataFrame({"day": days, "x": range(8), "text": list("abcdefgh")}))
    parts = split(project, data, time_column="day", test_size=0.3).succeeded()
    train_days, test_days = project.frame(parts, "train")["day"], project.frame(parts, "test")["day"]
    assert train_days.max() < test_days.min() and len(train_days) == 4 and len(test_days) == 4
    assert "not both" in split(project, data, time_column="day", stratify="text").error()["message"]
    assert "it needs dates or numbers (derive date(text) first)" in split(project, data, time_column="text").error()["message"]
    constant = project.table(pd.DataFrame({"day": [1, 1, 1]}))
    assert "too many rows" in split(project, constant, time_column="day").error()["message"]


def test_a_misspelt_column_is_answered_with_the_one_that_was_meant(project: Project) -> None:
    data = ref(load(project, "iris"), "dataset")
    assert split(project, data, stratify="taget").error()["message"] == "stratify column 'taget' not found; did you mean 'target'?"
    error = train(project, data, target="Target").error()
    assert error["message"] == "target column 'Target' not found; did you mean 'target'?"
    assert error["file"] == "cards/std/train_classifier.py" and error["kind"] == "card"
    model = ref(train(project, data).succeeded(), "model")
    wine = ref(load(project, "wine"), "dataset")
    assert "the model's column 'sepal length (cm)' not found (3 more are missing)" in predict(project, model, wine).error()["message"]


def test_preparation_is_learned_from_the_training_rows_alone_and_copes_with_gaps_and_texts(project: Project) -> None:
    project.card(
        "cards/data/mixed.py",
        """
        import pandas as pd
        from cards.base import BaseCard

        class Mixed(BaseCard):
            def execute(self, config, inputs, storage):
                train = pd.DataFrame({
                    "size": [1.0, None, 3.0, 10.0, 11.0, 12.0] * 5, "colour": ["red", "red", None, "blue", "blue", "blue"] * 5,
                    "day": pd.Timestamp("2026-01-01"), "empty": None, "sick": [True, True, True, False, False, False] * 5,
                })
                test = pd.DataFrame({"size": [2.0, 1e6], "colour": ["green", "blue"], "sick": [True, False]})
                return {"train": storage.save_dataframe("", "", "train", train), "test": storage.save_dataframe("", "", "test", test)}

            def get_output_preview(self, outputs, storage):
                return {}
        """,
    )
    made = project.step("cards/data/mixed.py", "Mixed", {"train": "dataframe", "test": "dataframe"}).succeeded()
    trained = train(project, ref(made, "train"), target="sick").succeeded()
    notes = wire_json.loads(trained.output("summary").read_text())["notes"]
    assert [note.split(" was ")[0] for note in notes] == ["column 'day'", "column 'empty'"]
    scored = evaluate(project, ref(trained, "model"), ref(made, "test")).succeeded()
    assert wire_json.loads(scored.output("metrics").read_text())["accuracy"] == 1.0
    model = Storage(str(trained.job), "", "").load_model(f"out/{trained.output('model').name}")
    scaler = model[0].named_transformers_["numbers"][1]
    assert scaler.mean_[0] < 12, "the million in the test rows must not reach the scaler"


def test_what_cannot_be_split_or_compared_is_said_in_a_sentence(project: Project) -> None:
    project.card(
        "cards/data/odd.py",
        """
        import pandas as pd
        from cards.base import BaseCard

        class Odd(BaseCard):
            def execute(self, config, inputs, storage):
                storage.save_dataframe("", "", "none", pd.DataFrame({"x": [], "target": []}))
                storage.save_dataframe("", "", "rare", pd.DataFrame({"x": range(9), "target": ["a"] * 8 + ["b"]}))
                storage.save_dataframe("", "", "single", pd.DataFrame({"x": range(9), "target": ["a"] * 9}))

            def get_output_preview(self, outputs, storage):
                return {}
        """,
    )
    odd = project.step("cards/data/odd.py", "Odd", {"none": "dataframe", "rare": "dataframe", "single": "dataframe"}).succeeded()
    assert split(project, ref(odd, "none")).error()["message"] == "the table has 0 rows; splitting needs at least 2"
    assert "'b' occurs only once" in split(project, ref(odd, "rare"), stratify="target").error()["message"]
    assert "has 1 different value; a classifier needs at least 2" in train(project, ref(odd, "single")).error()["message"]
    model = ref(train(project, ref(odd, "rare")).succeeded(), "model")
    one_class = evaluate(project, model, ref(odd, "single")).succeeded()
    assert "not every class occurs in the test rows" in wire_json.loads(one_class.output("metrics").read_text())["notes"][0]
    empty = predict(project, model, ref(odd, "none")).succeeded()
    assert list(frame(empty.output("predictions")).columns) == ["x", "target", "prediction"]
    taken = predict(project, model, ref(odd, "rare"), column="x")
    assert "already; give the new column another name" in taken.error()["message"]
