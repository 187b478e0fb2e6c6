"""Data frames as Parquet files: the index is dropped, strings come back as `object`.

Knows nothing of references; paths are the caller's.
"""

from typing import TYPE_CHECKING, Any

from ensemble.errors import ContractError

if TYPE_CHECKING:
    import pandas


def write_frame(df: Any, path: str) -> None:
    """Writes a pandas DataFrame. Raises ContractError for anything else and for a column that mixes types."""
    import pandas
    import pyarrow
    from pyarrow import parquet

    if not isinstance(df, pandas.DataFrame):
        raise ContractError(f"save_dataframe takes a pandas DataFrame, not {type(df).__name__}")
    try:
        table = pyarrow.Table.from_pandas(df, preserve_index=False)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError) as error:
        raise ContractError(_column_problem(df) or f"the data frame cannot be written as Parquet: {error}") from error
    parquet.write_table(table, path)


def read_frame(path: str) -> "pandas.DataFrame":
    """The frame as it was written, with text columns as `object` whatever string type they had."""
    import pandas
    from pyarrow import parquet

    # `ParquetFile` and not `read_table`, which would read "a=1" in a folder name as a column.
    with parquet.ParquetFile(path) as file:
        df = file.read().to_pandas()
    for position, dtype in enumerate(df.dtypes):
        if isinstance(dtype, pandas.StringDtype):
            column = df.iloc[:, position]
            df.isetitem(position, column.astype(object).where(column.notna(), None))
    return df


def _column_problem(df: "pandas.DataFrame") -> str | None:
    for name, column in df.items():
        if column.dtype != object:
            continue
        kinds = sorted({type(item).__name__ for item in column if item is not None and item == item})
        if len(kinds) > 1:
            return f"column {name!r} mixes {' and '.join(kinds)}, and Parquet keeps one type per column: use df[{name!r}].astype(str)"
    return None
