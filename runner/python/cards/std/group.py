"""Summarises groups of rows."""

from cards.base import BaseCard
from ensemble.tables import listed_columns, table_preview

_OF_NUMBERS = ("sum", "mean", "median", "std")
_FUNCTIONS = ("count", *_OF_NUMBERS, "min", "max", "distinct", "first", "last")


class Group(BaseCard):
    card_type = "std/group"
    display_name = "Group rows"
    description = "One row per group, with counts, sums, means and the like of other columns."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "by": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Group by",
                "description": "Rows that are equal in these columns form a group.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "columns": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Summarise",
                "description": "The columns to summarise. Empty: only count the rows of each group.",
                "format": "columns",
                "x-port": "dataset",
                "default": [],
            },
            "functions": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Summaries",
                "description": "Each makes a column such as price_mean. sum, mean, median and std need numbers.",
                "enum": ["count", "sum", "mean", "median", "std", "min", "max", "distinct", "first", "last"],
                "default": ["mean"],
            },
        },
        "required": ["by"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        import pandas

        table = storage.load_dataframe(inputs["dataset"])
        by = listed_columns(table, config["by"], "group column")
        columns = listed_columns(table, config["columns"], "column to summarise")
        if not by:
            raise ValueError("no column to group by is listed; choose at least one")
        functions = _functions(config["functions"])
        groups = table.groupby(by, dropna=False, sort=True)
        parts = {"rows": groups.size()}
        for column in columns:
            for function in functions:
                if function in _OF_NUMBERS and table[column].dtype.kind not in "biuf":
                    raise ValueError(f"{function} needs numbers, and column {column!r} holds {table[column].dtype}")
                parts[f"{column}_{function}"] = groups[column].agg("nunique" if function == "distinct" else function)
        clash = [name for name in parts if name in by]
        if clash:
            raise ValueError(f"the result would have two columns {clash[0]!r}; rename the one to group by first")
        grouped = pandas.DataFrame(parts).reset_index()
        print(f"{len(grouped):,} groups of {len(table):,} rows")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", grouped)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))


def _functions(names):
    names = [names] if isinstance(names, str) else names
    unknown = [name for name in names if name not in _FUNCTIONS]
    if unknown or not names:
        raise ValueError(f"summary {unknown[0] if unknown else names!r} does not exist; choose among {', '.join(_FUNCTIONS)}")
    return list(dict.fromkeys(names))
