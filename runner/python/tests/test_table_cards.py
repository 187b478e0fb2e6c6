"""The built-in cards that turn tables into tables, each with good and bad input."""

import pandas as pd
import pytest
from conftest import Project


@pytest.fixture
def project(warm_project: Project) -> Project:
    return warm_project


@pytest.fixture
def people(project: Project) -> str:
    return project.table(
        pd.DataFrame(
            {
                "name": ["Ann", "Bob", "Cid", "Dee", None],
                "age": [31, 25, 47, 25, 60],
                "city": ["Rome", "Oslo", "Rome", None, "Oslo"],
                "paid": [1.5, 2.0, None, 4.0, 10.0],
                "since": pd.to_datetime(["2024-01-05", "2023-05-01", "2025-02-03", "2024-07-01", "2022-01-01"]),
            }
        )
    )


def test_select_keeps_columns_in_the_order_given(project: Project, people: str) -> None:
    kept = project.std("select", {"dataset": people}, columns=["city", "age", "city"])
    assert list(project.frame(kept).columns) == ["city", "age"]
    assert kept.preview["shape"] == {"rows": 5, "cols": 2}
    assert project.std("select", {"dataset": people}, columns=["cty"]).error()["message"] == "column 'cty' not found; did you mean 'city'?"
    assert "choose at least one" in project.std("select", {"dataset": people}, columns=[]).error()["message"]
    assert "is a list of column names" in project.std("select", {"dataset": people}, columns={"a": 1}).error()["message"]


def test_drop_removes_columns_rows_with_gaps_and_repeated_rows(project: Project, people: str) -> None:
    dropped = project.frame(project.std("drop", {"dataset": people}, columns=["paid", "since"], rows_with_gaps=True))
    assert dropped.to_dict("list") == {"name": ["Ann", "Bob", "Cid"], "age": [31, 25, 47], "city": ["Rome", "Oslo", "Rome"]}
    ages = project.std("drop", {"dataset": people}, columns=["name", "city", "paid", "since"], repeated_rows=True)
    assert project.frame(ages)["age"].tolist() == [31, 25, 47, 60]
    everything = project.std("drop", {"dataset": people}, columns=["name", "age", "city", "paid", "since"])
    assert everything.error()["message"] == "every column would be removed; leave at least one"


def test_rename_gives_new_names_and_refuses_doubles(project: Project, people: str) -> None:
    renamed = project.frame(project.std("rename", {"dataset": people}, names={"name": "who", "age": " years "}))
    assert list(renamed.columns) == ["who", "years", "city", "paid", "since"]
    assert "two columns would be called 'age'" in project.std("rename", {"dataset": people}, names={"paid": "age"}).error()["message"]
    assert "did you mean 'name'" in project.std("rename", {"dataset": people}, names={"nam": "x"}).error()["message"]
    assert "no new name is given" in project.std("rename", {"dataset": people}).error()["message"]


def test_sort_is_stable_and_puts_gaps_last(project: Project, people: str) -> None:
    ordered = project.frame(project.std("sort", {"dataset": people}, columns=["city", "age"]))
    assert ordered["age"].tolist() == [25, 60, 31, 47, 25]
    down = project.frame(project.std("sort", {"dataset": people}, columns=["age"], descending=True))
    assert down["name"].tolist() == [None, "Cid", "Ann", "Bob", "Dee"]
    assert "choose at least one to sort by" in project.std("sort", {"dataset": people}).error()["message"]


def test_sample_takes_the_same_rows_for_the_same_seed(project: Project) -> None:
    many = project.table(pd.DataFrame({"x": range(1000)}))
    one, again, other = (project.frame(project.std("sample", {"dataset": many}, rows=50, seed=s))["x"].tolist() for s in (1, 1, 2))
    assert one == again == sorted(one) and len(set(one)) == 50 and one != other
    assert project.frame(project.std("sample", {"dataset": many}, share=0.25, method="first"))["x"].tolist() == list(range(250))
    too_many = project.std("sample", {"dataset": many}, rows=5000)
    assert len(project.frame(too_many)) == 1000 and "only 1,000 rows" in too_many.stdout


@pytest.mark.parametrize(
    ("column", "operator", "value", "names"),
    [
        ("age", "==", "25", ["Bob", "Dee"]),
        ("age", ">", "30.5", ["Ann", "Cid", None]),
        ("age", "in", "25, 60", ["Bob", "Dee", None]),
        ("city", "!=", "Rome", ["Bob", "Dee", None]),
        ("city", "==", "Rome", ["Ann", "Cid"]),
        ("city", ">=", "P", ["Ann", "Cid"]),
        ("name", "contains", "B", ["Bob"]),
        ("name", "starts_with", "a", ["Ann"]),
        ("paid", "<=", "2", ["Ann", "Bob"]),
        ("paid", "is_empty", "", ["Cid"]),
        ("name", "is_not_empty", "", ["Ann", "Bob", "Cid", "Dee"]),
        ("since", "<", "2024-01-05", ["Bob", None]),
    ],
)
def test_filter_reads_the_value_as_what_the_column_holds(
    project: Project, people: str, column: str, operator: str, value: str, names: list
) -> None:
    kept = project.frame(project.std("filter", {"dataset": people}, column=column, operator=operator, value=value))
    assert kept["name"].tolist() == names


def test_filter_says_what_does_not_fit(project: Project, people: str) -> None:
    def message(**config: str) -> str:
        return project.std("filter", {"dataset": people}, **config).error()["message"]

    assert message(column="aeg", value="3") == "column 'aeg' not found; did you mean 'age'?"
    assert message(column="age", value="__import__('os')") == "column 'age' holds numbers; \"__import__('os')\" is none"
    assert "write 'soon' as 2026-01-31" in message(column="since", value="soon")
    assert "condition '=~' does not exist" in message(column="age", operator="=~", value="3")


def test_group_summarises_and_keeps_the_group_of_empty_keys(project: Project, people: str) -> None:
    grouped = project.frame(project.std("group", {"dataset": people}, by=["city"], columns=["age"], functions=["mean", "max", "distinct"]))
    assert grouped["city"].tolist() == ["Oslo", "Rome", None]
    assert grouped["rows"].tolist() == [2, 2, 1]
    assert grouped["age_mean"].tolist() == [42.5, 39.0, 25.0] and grouped["age_max"].tolist() == [60, 47, 25]
    assert "mean needs numbers" in project.std("group", {"dataset": people}, by=["city"], columns=["name"]).error()["message"]
    assert "'avg' does not exist" in project.std("group", {"dataset": people}, by=["city"], columns=["age"], functions=["avg"]).error()["message"]


def test_join_brings_tables_together_and_refuses_what_would_explode(project: Project, people: str) -> None:
    cities = project.table(pd.DataFrame({"city": ["Rome", "Oslo", "Paris"], "age": [2700, 970, 2000]}))
    left = project.frame(project.std("join", {"left": people, "right": cities}, on=["city"]))
    assert len(left) == 5 and left["age_right"].tolist()[:3] == [2700, 970, 2700] and pd.isna(left["age_right"][3])
    assert len(project.frame(project.std("join", {"left": people, "right": cities}, on=["city"], how="outer"))) == 6
    assert len(project.frame(project.std("join", {"left": people, "right": cities}, on=["city"], how="inner"))) == 4
    wrong = project.std("join", {"left": people, "right": cities}, on=["name"]).error()["message"]
    assert wrong.startswith("key column of the right table 'name' not found")
    same = project.table(pd.DataFrame({"k": [1] * 6000}))
    assert "would make 36,000,000 rows" in project.std("join", {"left": same, "right": same}, on=["k"]).error()["message"]
    texts = project.table(pd.DataFrame({"k": ["1"]}))
    assert "values of different types (k: int64 and object)" in project.std("join", {"left": same, "right": texts}, on=["k"]).error()["message"]


def test_lags_never_cross_from_one_series_to_another(project: Project) -> None:
    sales = project.table(pd.DataFrame({"shop": ["a", "b"] * 4, "day": [1, 1, 3, 3, 2, 2, 4, 4], "sold": [1, 10, 3, 30, 2, 20, 4, 40]}))
    lagged = project.frame(project.std("lags", {"dataset": sales}, columns=["sold"], time="day", groups=["shop"], lags=2))
    assert lagged[["sold", "sold_lag_1", "sold_lag_2"]].values.tolist() == [[3, 2, 1], [4, 3, 2], [30, 20, 10], [40, 30, 20]]
    with_gaps = project.frame(project.std("lags", {"dataset": sales}, columns=["sold"], lags=1, season=4, drop_incomplete=False))
    assert len(with_gaps) == 8 and with_gaps["sold_lag_4"].notna().sum() == 4
    assert "no row has 9 earlier rows" in project.std("lags", {"dataset": sales}, columns=["sold"], lags=9).error()["message"]
    assert "did you mean 'day'" in project.std("lags", {"dataset": sales}, columns=["sold"], time="dya").error()["message"]
