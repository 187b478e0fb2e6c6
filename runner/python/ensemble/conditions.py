"""Which cells of a column meet a condition written as text. An empty cell meets none but `is_empty` and `!=`.

Nothing is evaluated: operators come from a fixed list, and the text is read as what the column holds.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

OPERATORS = ("==", "!=", "<", "<=", ">", ">=", "in", "contains", "starts_with", "is_empty", "is_not_empty")
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def matching_rows(column: "pandas.Series", operator: str, value: Any) -> "pandas.Series":
    """Truth values, one per cell. Raises ValueError when the operator is unknown or the value does not fit the column."""
    if operator not in OPERATORS:
        raise ValueError(f"condition {operator!r} does not exist; choose one of {' '.join(OPERATORS)}")
    if operator in ("is_empty", "is_not_empty"):
        return column.isna() if operator == "is_empty" else column.notna()
    text = value if isinstance(value, str) else str(value)
    if operator in ("contains", "starts_with"):
        cells = column.astype(str).str.casefold()
        found = cells.str.contains(text.casefold(), regex=False) if operator == "contains" else cells.str.startswith(text.casefold())
        return found & column.notna()
    if operator == "in":
        return column.isin([_read(part.strip(), column) for part in text.split(",")]) & column.notna()
    wanted = _read(text.strip(), column)
    compare = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[operator]
    cells = column if operator in ("==", "!=") else column[column.notna()]
    try:
        return getattr(cells, compare)(wanted).reindex(column.index, fill_value=False).fillna(operator == "!=").astype(bool)
    except TypeError as error:
        raise ValueError(f"column {column.name!r} cannot be compared with {text!r} by {operator}") from error


def _read(text: str, column: "pandas.Series") -> Any:
    """The text as a value of the column's type."""
    import pandas

    kind = column.dtype.kind
    present = column.dropna()
    if kind == "b" or (kind == "O" and len(present) and all(isinstance(item, bool) for item in present)):
        if text.lower() not in _TRUTH:
            raise ValueError(f"column {column.name!r} holds true and false; write one of them instead of {text!r}")
        return _TRUTH[text.lower()]
    if kind in "iuf":
        try:
            return int(text) if text.lstrip("+-").isdigit() else float(text)
        except ValueError:
            raise ValueError(f"column {column.name!r} holds numbers; {text!r} is none") from None
    if kind == "M":
        try:
            moment = pandas.Timestamp(text)
        except ValueError:
            raise ValueError(f"column {column.name!r} holds dates; write {text!r} as 2026-01-31 or 2026-01-31 14:30") from None
        zone = column.dt.tz
        return moment.tz_localize(zone) if zone is not None and moment.tzinfo is None else moment
    if kind == "m":
        return pandas.Timedelta(text)
    return text
