"""Filling, encoding and scaling: learned from training rows, applied to others."""

import pandas as pd
import pytest
from conftest import Project

TRAIN = pd.DataFrame(
    {
        "size": [1.0, None, 3.0, 100.0],
        "city": ["Rome", "Oslo", None, "Rome"],
        "rooms": [1, 2, 3, 4],
        "target": ["yes", "no", None, "no"],
    }
)
TEST = pd.DataFrame({"size": [None, 1e9], "city": ["Paris", None], "rooms": [10, 20], "target": ["no", "yes"]})


@pytest.fixture
def project(warm_project: Project) -> Project:
    return warm_project


def fitted(project: Project, card: str, **config: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The training rows, and other rows after `std/apply`."""
    ran = project.std(card, {"train": project.table(TRAIN)}, **config)
    applied = project.std("apply", {"transformer": ran.ref("transformer"), "dataset": project.table(TEST)})
    return project.frame(ran, "train"), project.frame(applied)


def test_gaps_are_filled_with_what_training_rows_say(project: Project) -> None:
    train, test = fitted(project, "impute")
    assert train["size"].tolist() == [1.0, 3.0, 3.0, 100.0] and train["city"].tolist() == ["Rome", "Oslo", "Rome", "Rome"]
    assert test["size"].tolist() == [3.0, 1e9] and test["city"].tolist() == ["Paris", "Rome"]
    assert train["target"].isna().sum() == 1, "the target is left alone"
    constant, _ = fitted(project, "impute", columns=["size"], strategy="constant", value="-1")
    assert constant["size"].tolist() == [1.0, -1.0, 3.0, 100.0] and constant["city"].isna().sum() == 1
    wrong = project.std("impute", {"train": project.table(TRAIN)}, strategy="constant", value="many")
    assert wrong.error()["message"] == "column 'size' holds numbers; 'many' is none"
    empty = project.table(pd.DataFrame({"x": pd.Series([None, None], dtype="float64")}))
    assert "is empty in all training rows" in project.std("impute", {"train": empty}).error()["message"]


def test_texts_are_encoded_and_unseen_ones_do_not_fail(project: Project) -> None:
    train, test = fitted(project, "encode")
    assert list(train.columns) == ["size", "city_Oslo", "city_Rome", "rooms", "target"]
    assert train["city_Rome"].tolist() == [1, 0, 0, 1]
    assert test[["city_Oslo", "city_Rome"]].values.tolist() == [[0, 0], [0, 0]]
    numbered, others = fitted(project, "encode", method="ordinal")
    assert numbered["city"].tolist() == [1, 0, -1, 1] and others["city"].tolist() == [-1, -1]
    rare, _ = fitted(project, "encode", max_categories=1)
    assert [name for name in rare.columns if name.startswith("city")] == ["city_Rome"]
    plain = project.std("encode", {"train": project.table(TRAIN[["rooms"]])})
    assert plain.error()["message"] == "no column of the table fits; list the columns"


@pytest.mark.parametrize(
    ("method", "rooms", "others"),
    [("standard", -1.3416, 6.7082), ("min_max", 0.0, 3.0), ("robust", -1.0, 5.0)],
)
def test_numbers_are_scaled_by_the_training_rows(project: Project, method: str, rooms: float, others: float) -> None:
    train, test = fitted(project, "scale", method=method)
    assert train["rooms"][0] == pytest.approx(rooms, abs=1e-3) and test["rooms"][0] == pytest.approx(others, abs=1e-3)
    assert train["size"].isna().tolist() == [False, True, False, False]


def test_what_does_not_fit_is_said(project: Project) -> None:
    data = project.table(TRAIN)
    assert "only numbers can be scaled" in project.std("scale", {"train": data}, columns=["city"]).error()["message"]
    assert "did you mean 'rooms'" in project.std("scale", {"train": data}, columns=["room"]).error()["message"]
    transformer = project.std("scale", {"train": data}).ref("transformer")
    narrow = project.table(TEST[["size"]])
    assert "column to scale 'rooms' not found" in project.std("apply", {"transformer": transformer, "dataset": narrow}).error()["message"]
    model = project.std("train_classifier", {"train": data}).ref("model")
    assert "is no transformer; connect that of" in project.std("apply", {"transformer": model, "dataset": data}).error()["message"]
