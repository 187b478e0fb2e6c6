"""Describe, correlation, feature importance and charts."""

import numpy as np
import pandas as pd
import pytest
from conftest import Project, Ran

from ensemble import wire_json

DAYS = pd.date_range("2026-01-01", periods=6, freq="D")
SALES = pd.DataFrame({"day": DAYS, "shop": list("ababab"), "sold.units": [1, 2, 3, 4, None, 6], "price": [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]})


@pytest.fixture
def project(warm_project: Project) -> Project:
    return warm_project


@pytest.fixture
def sales(project: Project) -> str:
    return project.table(SALES)


def values(ran: Ran) -> list[dict]:
    return ran.succeeded().preview["data"]["values"]


def test_describe_counts_gaps_and_measures_numbers(project: Project, sales: str) -> None:
    ran = project.std("describe", {"dataset": sales})
    table = project.frame(ran, "statistics").set_index("column")
    assert list(table.index) == ["day", "shop", "sold.units", "price"]
    assert table.loc["sold.units", ["rows", "empty", "different", "mean", "smallest", "largest"]].tolist() == [6, 1, 5, 3.2, 1.0, 6.0]
    assert table.loc["shop", "different"] == 2 and pd.isna(table.loc["shop", "mean"])
    assert ran.preview["shape"]["rows"] == 4
    empty = project.table(pd.DataFrame({"x": pd.Series([], dtype="float64"), "y": pd.Series([], dtype=object)}))
    assert project.frame(project.std("describe", {"dataset": empty}), "statistics")["rows"].tolist() == [0, 0]


def test_correlation_is_a_matrix_and_a_picture_of_it(project: Project) -> None:
    x = np.arange(50.0)
    data = project.table(pd.DataFrame({"a": x, "b": -(x**3), "c": np.random.default_rng(1).normal(size=50), "t": "x"}))
    ran = project.std("correlation", {"dataset": data}, method="spearman")
    matrix = project.frame(ran, "correlation").set_index("column")
    assert matrix.loc["a", "b"] == pytest.approx(-1) and matrix.loc["a", "a"] == 1 and abs(matrix.loc["a", "c"]) < 0.5
    assert len(values(ran)) == 9 and ran.preview["mark"]["type"] == "rect"
    assert "only numbers can be correlated" in project.std("correlation", {"dataset": data}, columns=["t"]).error()["message"]
    assert "did you mean 'c'" not in project.std("correlation", {"dataset": data}, columns=["zzz"]).error()["message"]


@pytest.mark.parametrize("card", ["train_classifier", "train_regressor"])
def test_what_decides_is_the_most_important_column(project: Project, card: str) -> None:
    x = np.random.default_rng(2).normal(size=(200, 3))
    target = ["yes" if row[1] > 0 else "no" for row in x] if card == "train_classifier" else 5 * x[:, 1] + 0.1 * x[:, 0]
    data = project.table(pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "target": target}))
    model = project.std(card, {"train": data}).ref("model")
    ran = project.std("feature_importance", {"model": model, "test": data})
    table = project.frame(ran, "importance")
    assert table["column"][0] == "b" and table["importance"][0] > 5 * abs(table["importance"][2])
    assert values(ran)[0]["column"] == "b"
    assert "did you mean 'target'" in project.std("feature_importance", {"model": model, "test": data}, target="tarket").error()["message"]


def test_a_chart_counts_summarises_and_bins_all_rows(project: Project, sales: str) -> None:
    counts = project.std("chart", {"dataset": sales}, x="shop")
    assert values(counts) == [{"x": "a", "y": 3}, {"x": "b", "y": 3}]
    assert values(project.std("chart", {"dataset": sales}, x="shop", color="shop"))[0] == {"x": "a", "color": "a", "y": 3}
    sums = project.std("chart", {"dataset": sales}, x="shop", y="sold.units", aggregate="sum")
    assert values(sums) == [{"x": "a", "y": 4.0}, {"x": "b", "y": 12.0}]
    assert sums.preview["encoding"]["y"] == {"field": "y", "type": "quantitative", "title": "sum of sold.units"}
    line = project.std("chart", {"dataset": sales}, kind="line", x="day", y="price", color="shop", title="Prices")
    assert values(line)[0] == {"x": "2026-01-01T00:00:00", "y": 1.5, "color": "a"} and line.preview["title"] == "Prices"
    assert line.preview["encoding"]["x"]["type"] == "temporal"
    many = project.table(pd.DataFrame({"x": np.arange(100_000.0), "g": ["p", "q"] * 50_000}))
    bins = project.std("chart", {"dataset": many}, kind="histogram", x="x", color="g")
    assert sum(row["y"] for row in values(bins)) == 100_000 and len(values(bins)) == 60
    box = project.std("chart", {"dataset": sales}, kind="boxplot", x="shop", y="price")
    assert box.preview["mark"]["type"] == "boxplot" and len(values(box)) == 6


def test_a_chart_of_very_many_points_draws_a_seeded_sample(project: Project) -> None:
    many = project.table(pd.DataFrame({"x": np.arange(50_000), "y": np.arange(50_000)}))
    one, again = (project.std("chart", {"dataset": many}, kind="point", x="x", y="y") for _ in range(2))
    assert values(one) == values(again) and len(values(one)) == 5_000
    assert "5,000 of 50,000 points are drawn" in one.stdout
    assert wire_json.loads(one.output("chart").read_text()) == one.preview


def test_a_chart_says_what_is_wrong(project: Project, sales: str) -> None:
    def message(**config: str) -> str:
        return project.std("chart", {"dataset": sales}, **config).error()["message"]

    assert message(x="dya") == "column of x 'dya' not found; did you mean 'day'?"
    assert "no column is chosen for x" in message()
    assert "a line chart needs a column for y" in message(kind="line", x="day")
    assert "kind 'pie' does not exist" in message(kind="pie", x="day")
    assert "mean needs numbers" in message(x="day", y="shop", aggregate="mean")
