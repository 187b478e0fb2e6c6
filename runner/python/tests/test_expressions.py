"""The expression language of `std/derive`: what it computes, and that nothing else can be said in it."""

import numpy as np
import pandas as pd
import pytest
from conftest import Project

from ensemble.expressions import evaluate

TABLE = pd.DataFrame(
    {
        "price": [1.0, 2.0, np.nan],
        "amount": [3, 0, 5],
        "sepal length (cm)": [4.0, 9.0, 16.0],
        "city": ["Rome", None, "Oslo"],
        "day": pd.to_datetime(["2026-01-31", "2026-02-01", None]),
        "sick": [True, False, True],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price * amount", [3.0, 0.0, None]),
        ("-amount + 2 ** 3 // 3 % 2", [-3.0, 0.0, -5.0]),
        ("sqrt(`sepal length (cm)`)", [2.0, 3.0, 4.0]),
        ("amount / 0", [np.inf, None, np.inf]),
        ("'many' if amount > 2 else 'few'", ["many", "few", "many"]),
        ("amount > 2 and not sick", [False, False, False]),
        ("price > 1 or amount == 3", [True, True, False]),
        ("fill(price, mean(price))", [1.0, 2.0, 1.5]),
        ("lag(amount, 1)", [None, 3.0, 0.0]),
        ("upper(city) + '!'", ["ROME!", None, "OSLO!"]),
        ("length(city)", [4, None, 4]),
        ("month(day)", [1, 2, None]),
        ("max(price, amount)", [3.0, 2.0, 5.0]),
        ("number(city)", [None, None, None]),
        ("is_empty(city)", [False, True, False]),
        ("round(price / 3, 2)", [0.33, 0.67, None]),
        ("7", [7, 7, 7]),
    ],
)
def test_an_expression_gives_a_whole_column(text: str, expected: list) -> None:
    got = [None if item is None or item != item else item for item in evaluate(text, TABLE).tolist()]
    assert got == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("prize * 2", "column 'prize' not found; did you mean 'price'?"),
        ("sqr(price)", "function 'sqr' not found; did you mean 'sqrt'?"),
        ("price +", "cannot be read"),
        ("1 < price < 2", "cannot be chained"),
        ("city * 1000000000", "texts can be added and compared"),
        ("'x' * 1000000000", "texts can be added and compared"),
        ("9 ** 9 ** 9 ** 9", "cannot be computed"),
        ("(-1) ** 0.5", "no number"),
        ("1 / 0", "cannot be computed"),
        ("price if city else 1", "need true and false"),
        ("year(price)", "needs dates"),
        ("lag(price)", "takes 2 values, not 1"),
        ("sqrt", "sqrt is a function"),
        ("+".join(["price"] * 500), "cannot be read|characters|nested"),
        ("(" * 300 + "1" + ")" * 300, "cannot be read"),
        ("-" * 100 + "1", "nested"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(").replace("?", r"\?")):
        evaluate(text, TABLE)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "price.__class__",
        "price.to_csv('/tmp/x')",
        "(lambda: 1)()",
        "[x for x in price]",
        "price[0]",
        "f'{price}'",
        "{'a': 1}",
        "(x := 3)",
        "eval('1')",
        "open('/etc/passwd')",
        "sqrt(price, out=price)",
        "sqrt(*price)",
        "`price`.values",
        "b'1'",
        "1j",
    ],
)
def test_nothing_but_arithmetic_can_be_said(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be used in an expression|not found|cannot be read"):
        evaluate(text, TABLE)


def test_the_card_adds_the_column_and_keeps_the_others(warm_project: Project) -> None:
    data = warm_project.table(TABLE)
    derived = warm_project.std("derive", {"dataset": data}, column="total", expression="price * amount")
    assert list(warm_project.frame(derived).columns) == [*TABLE.columns, "total"]
    taken = warm_project.std("derive", {"dataset": data}, column="price", expression="1")
    assert "has a column 'price' already" in taken.error()["message"]
    wrong = warm_project.std("derive", {"dataset": data}, column="x", expression="prize")
    assert wrong.error()["message"] == "column 'prize' not found; did you mean 'price'?"
    assert wrong.error()["file"] == "cards/std/derive.py"
