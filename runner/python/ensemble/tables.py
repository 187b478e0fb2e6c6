"""What cards that handle tables share: finding a column with an error that helps, and the table preview.

Knows nothing of storage.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


def require_column(df: "pandas.DataFrame", name: str, purpose: str) -> None:
    """Raises ValueError unless `df` has the column, and suggests the one that was probably meant."""
    require_columns(df, [name], purpose)


def require_columns(df: "pandas.DataFrame", names: Iterable[str], purpose: str) -> None:
    """Raises ValueError naming the first missing column and the nearest one that is there."""
    missing = [name for name in names if name not in df.columns]
    if not missing:
        return
    there = [str(column) for column in df.columns]
    near = get_close_matches(missing[0], there, n=1) or [c for c in there if c.lower() == missing[0].lower()]
    hint = f"did you mean {near[0]!r}?" if near else f"there is {_listed(there)}"
    more = f" ({len(missing) - 1} more are missing)" if len(missing) > 1 else ""
    raise ValueError(f"{purpose} {missing[0]!r} not found{more}; {hint}")


def listed_columns(df: "pandas.DataFrame", names: Any, purpose: str) -> list[str]:
    """The columns that a config field of format `columns` lists, each once. Raises ValueError for anything but names of columns."""
    if isinstance(names, str):
        names = [names] if names.strip() else []
    if names is None:
        names = []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f'{purpose} is a list of column names, such as ["age", "city"], not {names!r}')
    chosen = list(dict.fromkeys(names))
    require_columns(df, chosen, purpose)
    return chosen


def require_new_column(df: "pandas.DataFrame", name: str) -> str:
    """The stripped name, when the table has no such column yet; raises ValueError otherwise."""
    name = name.strip()
    if not name:
        raise ValueError("the new column needs a name")
    if name in df.columns:
        raise ValueError(f"the table has a column {name!r} already; give the new column another name")
    return name


def table_preview(df: "pandas.DataFrame", rows: int = 50) -> dict[str, Any]:
    """The first rows for a `table` view: `{columns: [{name, dtype}], rows: [{…}], shape: {rows, cols}}`."""
    return {
        "columns": [{"name": str(name), "dtype": str(dtype)} for name, dtype in zip(df.columns, df.dtypes, strict=True)],
        "rows": first_rows(df, rows),
        "shape": {"rows": int(df.shape[0]), "cols": int(df.shape[1])},
    }


def first_rows(df: "pandas.DataFrame", rows: int) -> list[dict[str, Any]]:
    """Records with plain JSON values; what JSON lacks (dates, say) is text."""
    head = df.head(rows)
    head.columns = [str(name) for name in head.columns]
    return [{name: _plain(value) for name, value in record.items()} for record in head.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", None) == 0:
        return _plain(item())
    return str(value)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
