"""The functions of the expression language: each takes the table, for its index, and values that are columns or single values."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


def as_float(value: Any) -> Any:
    return value.astype("float64") if hasattr(value, "astype") else float(value)


def power(base: Any, exponent: Any) -> Any:
    """As floats, because whole numbers would grow without end."""
    result = as_float(base) ** as_float(exponent)
    if isinstance(result, complex):
        raise ValueError("a root of a negative number is no number")
    return result


def as_truth(value: Any) -> Any:
    """Truth values; an empty cell is false. Raises ValueError for anything that is neither true nor false."""
    if not hasattr(value, "dtype"):
        return bool(value)
    if value.dtype.kind == "b" and value.dtype.name == "bool":
        return value
    filled = value[value.notna()]
    if not all(item in (True, False) for item in filled.unique()):
        raise ValueError("and, or, not and if need true and false; compare first, such as age > 30")
    return value.map(lambda item: bool(item) if item == item and item is not None else False).astype(bool)


def negate(value: Any) -> Any:
    truth = as_truth(value)
    return ~truth if hasattr(truth, "dtype") else not truth


def choose(condition: Any, yes: Any, no: Any, table: "pandas.DataFrame") -> Any:
    """`yes` where the condition holds, `no` elsewhere."""
    truth = as_truth(condition)
    if not hasattr(truth, "dtype"):
        return yes if truth else no
    return _column(yes, table).where(truth, _column(no, table))


def _column(value: Any, table: "pandas.DataFrame") -> "pandas.Series":
    import pandas

    return value if isinstance(value, pandas.Series) else pandas.Series([value] * len(table), index=table.index)


def _numpy(name: str) -> Callable[..., Any]:
    def apply(_table: "pandas.DataFrame", value: Any) -> Any:
        import numpy

        with numpy.errstate(all="ignore"):
            return getattr(numpy, name)(as_float(value))

    return apply


def _extreme(name: str) -> Callable[..., Any]:
    def apply(table: "pandas.DataFrame", *values: Any) -> Any:
        import pandas

        return getattr(pandas.concat([_column(value, table) for value in values], axis=1), name)(axis=1)

    return apply


def _date(part: str) -> Callable[..., Any]:
    def apply(table: "pandas.DataFrame", value: Any) -> Any:
        column = _column(value, table)
        if column.dtype.kind != "M":
            raise ValueError(f"{part} needs dates, and {column.name!r} holds {column.dtype}; use date(column) to read dates from texts")
        return getattr(column.dt, {"weekday": "dayofweek"}.get(part, part))

    return apply


def _text(name: str) -> Callable[..., Any]:
    def apply(table: "pandas.DataFrame", value: Any) -> Any:
        column = _column(value, table)
        return getattr(column.astype(str).str, {"length": "len"}.get(name, name))().where(column.notna(), None)

    return apply


def _read_as(name: str) -> Callable[..., Any]:
    def apply(table: "pandas.DataFrame", value: Any) -> Any:
        import pandas

        return getattr(pandas, name)(_column(value, table), errors="coerce")

    return apply


def _lag(table: "pandas.DataFrame", value: Any, rows: Any) -> Any:
    if not isinstance(rows, int) or not 0 <= rows <= len(table):
        raise ValueError(f"lag takes a column and a number of rows between 0 and {len(table)}, not {rows!r}")
    return _column(value, table).shift(rows)


def _round(table: "pandas.DataFrame", value: Any, digits: Any = 0) -> Any:
    if not isinstance(digits, int):
        raise ValueError("round takes a column and a whole number of digits")
    return _column(value, table).round(digits)


# Name → (how many values it takes, what it does).
FUNCTIONS: dict[str, tuple[tuple[int, ...], Callable[..., Any]]] = {
    **{name: ((1,), _numpy(name)) for name in ("sqrt", "exp", "log", "log1p", "log10", "floor", "ceil", "sin", "cos")},
    "abs": ((1,), lambda _table, value: abs(value)),
    "round": ((1, 2), _round),
    **{name: ((2, 3, 4, 5, 6, 7, 8), _extreme(name)) for name in ("min", "max")},
    "number": ((1,), _read_as("to_numeric")),
    "date": ((1,), _read_as("to_datetime")),
    "text": ((1,), lambda table, value: _column(value, table).astype(str).where(_column(value, table).notna(), None)),
    **{name: ((1,), _text(name)) for name in ("length", "lower", "upper", "strip")},
    **{name: ((1,), _date(name)) for name in ("year", "month", "day", "weekday", "hour")},
    "is_empty": ((1,), lambda table, value: _column(value, table).isna()),
    "fill": ((2,), lambda table, value, other: _column(value, table).where(_column(value, table).notna(), _column(other, table))),
    "lag": ((2,), _lag),
    "mean": ((1,), lambda table, value: _column(value, table).mean()),
    "std": ((1,), lambda table, value: _column(value, table).std()),
}
