"""Training and judging models of numbers, cross-validation and clusters; evaluation of both kinds."""

import numpy as np
import pandas as pd
import pytest
from conftest import Project, Ran

from ensemble import wire_json
from ensemble.estimators import REGRESSORS


@pytest.fixture
def project(warm_project: Project) -> Project:
    import matplotlib.figure  # noqa: F401

    return warm_project


def parts(project: Project, table: str, **config: object) -> Ran:
    return project.std("split", {"dataset": project.std("load_table", table=table).ref("dataset")}, **config)


def metrics(ran: Ran) -> dict:
    return wire_json.loads(ran.succeeded().output("metrics").read_text())


@pytest.mark.parametrize("model", REGRESSORS)
def test_a_line_is_learned_with_every_model_and_evaluated_as_numbers(project: Project, model: str) -> None:
    x = np.random.default_rng(5).uniform(0, 10, (200, 2))
    table = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "kind": ["p", "q"] * 100, "target": 30 * x[:, 0] + x[:, 1]})
    table.loc[3, "a"] = None
    data = project.std("split", {"dataset": project.table(table)})
    trained = project.std("train_regressor", {"train": data.ref("train")}, model=model, regularization=0.01)
    assert trained.preview["model_type"] == model and trained.preview["features"] == 3
    scored = project.std("evaluate", {"model": trained.ref("model"), "test": data.ref("test")})
    found = metrics(scored)
    assert found["r2"] > (0.5 if model == "svm" else 0.9) and found["mse"] == pytest.approx(found["rmse"] ** 2)
    assert "accuracy" not in found and scored.preview["metrics"]["rows"] == 50
    predicted = project.std("predict", {"model": trained.ref("model"), "dataset": data.ref("test")})
    assert np.corrcoef(project.frame(predicted, "predictions")[["prediction", "target"]].T)[0, 1] > 0.9


def test_evaluate_leaves_a_picture_that_the_preview_names(project: Project) -> None:
    for table, card in (("iris", "train_classifier"), ("breast_cancer", "train_classifier"), ("diabetes", "train_regressor")):
        data = parts(project, table)
        model = project.std(card, {"train": data.ref("train")}).ref("model")
        scored = project.std("evaluate", {"model": model, "test": data.ref("test")}).succeeded()
        assert scored.preview["chart_ref"] == scored.ref("chart")
        picture = scored.output("chart").read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) > 5_000


def test_calibration_is_of_the_second_class_or_of_the_predicted_one(project: Project) -> None:
    data = parts(project, "breast_cancer")
    model = project.std("train_classifier", {"train": data.ref("train")}).ref("model")
    found = metrics(project.std("evaluate", {"model": model, "test": data.ref("test")}))
    assert found["calibration"]["of"] == "malignant"
    assert sum(point["rows"] for point in found["calibration"]["points"]) == found["rows"]
    assert 0 <= found["calibration_error"] < 0.1
    svm = project.std("train_classifier", {"train": data.ref("train")}, model="svm").ref("model")
    assert metrics(project.std("evaluate", {"model": svm, "test": data.ref("test")}))["notes"] == [
        "no calibration: this model gives no probabilities"
    ]


def test_truth_values_and_whole_numbers_are_classes_and_columns(project: Project) -> None:
    rows = pd.DataFrame({"smokes": [True, False] * 20, "level": pd.array([1, None] * 20, dtype="Int64"), "mixed": [True, None] * 20})
    rows["target"] = rows["smokes"]
    trained = project.std("train_classifier", {"train": project.table(rows)})
    assert metrics(project.std("evaluate", {"model": trained.ref("model"), "test": project.table(rows)}))["accuracy"] == 1.0


def test_a_regressor_says_what_it_cannot_learn(project: Project) -> None:
    data = project.std("load_table", table="iris").ref("dataset")
    assert "std/train_classifier predicts classes" in project.std("train_regressor", {"train": data}).error()["message"]
    missing = project.std("train_regressor", {"train": data}, target="petal width").error()["message"]
    assert missing == "target column 'petal width' not found; did you mean 'petal width (cm)'?"
    few = project.table(pd.DataFrame({"x": [1, 2, 3], "target": [1.5, 2.5, 3.5]}))
    assert "only 3 training rows" in project.std("train_regressor", {"train": few}, model="knn").error()["message"]
    same = project.table(pd.DataFrame({"x": [1, 2], "target": [1.5, 1.5]}))
    assert "same in every row" in project.std("train_regressor", {"train": same}).error()["message"]
    alone = project.table(pd.DataFrame({"target": [1.5, 2.5]}))
    assert "there is no column to learn from" in project.std("train_regressor", {"train": alone}).error()["message"]


@pytest.mark.parametrize(("table", "metric", "least"), [("iris", "accuracy", 0.9), ("diabetes", "r2", 0.4)])
def test_cross_validation_picks_the_kind_by_the_target(project: Project, table: str, metric: str, least: float) -> None:
    data = project.std("load_table", table=table).ref("dataset")
    ran = project.std("cross_validate", {"dataset": data}, folds=4)
    found = metrics(ran)
    assert found[metric] > least and len(found["folds"]) == 4
    assert found[metric] == pytest.approx(np.mean([fold[metric] for fold in found["folds"]]))
    assert ran.preview["metrics"][metric] == found[metric] and len(ran.preview["folds"]["rows"]) == 4
    assert [event["step"] for event in ran.events if event.get("name") == metric] == [1, 2, 3, 4]


def test_cross_validation_in_order_never_learns_from_later_rows(project: Project) -> None:
    # A value that a forest cannot foresee: whoever learns from later rows would do well.
    rising = project.table(pd.DataFrame({"t": range(200), "target": np.arange(200) * 1.5}))
    shuffled = metrics(project.std("cross_validate", {"dataset": rising}, model="random_forest", trees=20))
    in_order = metrics(project.std("cross_validate", {"dataset": rising}, model="random_forest", trees=20, in_order=True))
    assert shuffled["r2"] > 0.99 and in_order["r2"] < 0


def test_cross_validation_says_when_there_are_too_few_rows(project: Project) -> None:
    rare = project.table(pd.DataFrame({"x": range(9), "target": ["a"] * 7 + ["b"] * 2}))
    wrong = project.std("cross_validate", {"dataset": rare}).error()["message"]
    assert wrong == "class 'b' occurs 2 times, fewer than 5 folds; use fewer folds"
    assert "20 folds need more than 9 rows" in project.std("cross_validate", {"dataset": rare}, folds=20).error()["message"]
    assert "looks like a measured number" in (
        project.std("cross_validate", {"dataset": project.std("load_table", table="diabetes").ref("dataset")}, predict="classes").error()[
            "message"
        ]
    )


@pytest.mark.parametrize("method", ["kmeans", "dbscan", "agglomerative"])
def test_three_heaps_are_found_with_every_method(project: Project, method: str) -> None:
    heaps = np.repeat([[0, 0], [10, 0], [0, 10]], 40, axis=0) + np.random.default_rng(3).normal(0, 0.3, (120, 2))
    data = project.table(pd.DataFrame({"x": heaps[:, 0], "y": heaps[:, 1], "note": ["n"] * 120}))
    ran = project.std("cluster", {"dataset": data}, method=method)
    table = project.frame(ran)
    assert [table["cluster"][start : start + 40].nunique() for start in (0, 40, 80)] == [1, 1, 1]
    assert table["cluster"].nunique() == 3 and list(table.columns) == ["x", "y", "note", "cluster"]
    summary = wire_json.loads(ran.output("summary").read_text())
    assert summary["groups"] == 3 and summary["silhouette"] > 0.8


def test_clusters_say_what_is_wrong(project: Project) -> None:
    data = project.table(pd.DataFrame({"x": [1.0, 2.0], "cluster": [0, 0]}))
    assert "already" in project.std("cluster", {"dataset": data}).error()["message"]
    assert "3 groups of 2 rows" in project.std("cluster", {"dataset": data}, column="c").error()["message"]
    texts = project.table(pd.DataFrame({"x": ["a", "b"]}))
    assert "list the columns" in project.std("cluster", {"dataset": texts}).error()["message"]
    alone = project.std("cluster", {"dataset": project.table(pd.DataFrame({"x": [0.0, 5.0, 10.0]}))}, method="dbscan", radius=0.1)
    assert project.frame(alone)["cluster"].tolist() == [-1, -1, -1]
