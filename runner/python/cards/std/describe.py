"""What each column holds, in numbers."""

from cards.base import BaseCard
from ensemble.tables import table_preview


class Describe(BaseCard):
    card_type = "std/describe"
    display_name = "Describe"
    description = "One row per column: type, gaps, different values, mean, deviation, quartiles, most frequent value."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {"type": "object", "properties": {}, "required": []}
    input_schema = {"dataset": "dataframe"}
    output_schema = {"statistics": "dataframe"}
    output_columns = {
        "statistics": ["column", "type", "rows", "empty", "different", "most_frequent", "mean", "deviation"]
        + ["smallest", "quarter", "median", "three_quarters", "largest"]
    }

    def execute(self, config, inputs, storage):
        import pandas

        table = storage.load_dataframe(inputs["dataset"])
        if table.shape[1] == 0:
            raise ValueError("the table has no columns")
        statistics = pandas.DataFrame([_statistics(name, table[name]) for name in table.columns])
        print(f"{len(table):,} rows, {table.shape[1]} columns, {int(table.isna().sum().sum()):,} empty cells")
        return {"statistics": storage.save_dataframe("_", "_", "statistics", statistics)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["statistics"]), rows=1000)


def _statistics(name, column):
    present = column.dropna()
    number = column.dtype.kind in "iuf"
    texts = present.map(str)
    common = texts.mode()
    found = {
        "column": str(name),
        "type": str(column.dtype),
        "rows": len(column),
        "empty": int(column.isna().sum()),
        "different": int(texts.nunique()),
        "most_frequent": common.iloc[0][:100] if len(common) else None,
    }
    quartiles = {"smallest": 0.0, "quarter": 0.25, "median": 0.5, "three_quarters": 0.75, "largest": 1.0}
    measured = number and len(present) > 0
    return {
        **found,
        "mean": float(present.mean()) if measured else None,
        "deviation": float(present.std()) if measured and len(present) > 1 else None,
        **{label: float(present.quantile(share)) if measured else None for label, share in quartiles.items()},
    }
