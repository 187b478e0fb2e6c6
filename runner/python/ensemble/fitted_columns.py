"""What `std/impute`, `std/encode` and `std/scale` learn from training rows and apply to any rows. Pickled as it is.

Knows nothing of cards. `fit_…` looks at training rows only; `apply` never looks at more than one row at a time.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ensemble.tables import listed_columns, require_columns

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class FilledGaps:
    """`values` maps a column to what stands in for its empty cells."""

    values: dict[str, Any]

    def apply(self, table: "pandas.DataFrame") -> "pandas.DataFrame":
        require_columns(table, self.values, "column to fill")
        return table.assign(**{name: table[name].where(table[name].notna(), value).infer_objects() for name, value in self.values.items()})


@dataclass(frozen=True)
class EncodedTexts:
    """`categories` maps a column to what was seen in it. One_hot makes a column of 0 and 1 of each; ordinal their number, else -1."""

    categories: dict[str, list[str]]
    method: str

    def apply(self, table: "pandas.DataFrame") -> "pandas.DataFrame":
        import pandas

        require_columns(table, self.categories, "column to encode")
        parts = []
        for name in table.columns:
            known = self.categories.get(name)
            if known is None:
                parts.append(table[name])
                continue
            texts = table[name].map(str, na_action="ignore")
            if self.method == "ordinal":
                parts.append(texts.map({text: code for code, text in enumerate(known)}).fillna(-1).astype("int64").rename(name))
            else:
                parts += [(texts == text).astype("int64").rename(f"{name}_{text}") for text in known]
        encoded = pandas.concat(parts, axis=1) if parts else table
        twice = encoded.columns[encoded.columns.duplicated()]
        if len(twice):
            raise ValueError(f"two columns would be called {twice[0]!r}; rename the one that is there already")
        return encoded


@dataclass(frozen=True)
class ScaledNumbers:
    """`ranges` maps a column to (what is subtracted, what is divided by)."""

    ranges: dict[str, tuple[float, float]]

    def apply(self, table: "pandas.DataFrame") -> "pandas.DataFrame":
        require_columns(table, self.ranges, "column to scale")
        return table.assign(**{name: (table[name].astype("float64") - low) / width for name, (low, width) in self.ranges.items()})


def fit_fill(train: "pandas.DataFrame", columns: list[str], strategy: str, constant: str) -> FilledGaps:
    """Median and mean are for numbers; other columns get their most frequent value instead."""
    if strategy not in ("median", "mean", "most_frequent", "constant"):
        raise ValueError(f"strategy {strategy!r} does not exist; choose median, mean, most_frequent or constant")
    values = {}
    for name in columns:
        column = train[name].dropna()
        number = column.dtype.kind in "iuf"
        if strategy == "constant":
            values[name] = _number(constant, name) if number else constant
            continue
        if column.empty:
            raise ValueError(f"column {name!r} is empty in all training rows; drop it or fill it with a constant")
        common = column.mode().iloc[0]
        values[name] = float(getattr(column, strategy)()) if number and strategy != "most_frequent" else common
    return FilledGaps(values)


def fit_encoding(train: "pandas.DataFrame", columns: list[str], method: str, most: int) -> EncodedTexts:
    """The `most` frequent texts of each column, in alphabetical order. What is rarer is encoded like what was never seen."""
    if method not in ("one_hot", "ordinal"):
        raise ValueError(f"method {method!r} does not exist; choose one_hot or ordinal")
    counts = {name: train[name].map(str, na_action="ignore").value_counts() for name in columns}
    return EncodedTexts({name: sorted(found.index[:most]) for name, found in counts.items()}, method)


def fit_scale(train: "pandas.DataFrame", columns: list[str], method: str) -> ScaledNumbers:
    """A column that does not vary is only shifted."""
    ranges = {}
    for name in columns:
        column = train[name]
        if column.dtype.kind not in "iuf":
            raise ValueError(f"column {name!r} holds {column.dtype}; only numbers can be scaled")
        if method == "standard":
            low, width = column.mean(), column.std(ddof=0)
        elif method == "min_max":
            low, width = column.min(), column.max() - column.min()
        elif method == "robust":
            low, width = column.median(), column.quantile(0.75) - column.quantile(0.25)
        else:
            raise ValueError(f"method {method!r} does not exist; choose standard, min_max or robust")
        if low != low:
            raise ValueError(f"column {name!r} is empty in all training rows; drop it")
        ranges[name] = (float(low), float(width) if width > 0 else 1.0)
    return ScaledNumbers(ranges)


def chosen_columns(train: "pandas.DataFrame", names: Any, target: str, kinds: str) -> list[str]:
    """The columns a config lists, or all whose dtype kind is in `kinds`, except the target."""
    listed = listed_columns(train, names, "column")
    if listed:
        return listed
    found = [str(name) for name in train.columns if train[name].dtype.kind in kinds and name != target.strip()]
    if not found:
        raise ValueError("no column of the table fits; list the columns")
    return found


def _number(text: str, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"column {column!r} holds numbers; {text!r} is none") from None
