import pandas

from cards.base import BaseCard


class Tables(BaseCard):
    card_type = "tables"
    display_name = "tables"
    description = "A data frame with an index of its own and text columns goes out and comes back."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {}
    input_schema = {}
    output_schema = {"dataset": "dataframe", "facts": "json"}

    def execute(self, config, inputs, storage):
        ref = storage.save_dataframe("_p", "_n", "dataset", pandas.DataFrame({"word": ["a", None], "n": [1.5, 2.5]}, index=[7, 9]))
        back = storage.load_dataframe(ref)
        facts = {"index": list(back.index), "dtype": str(back["word"].dtype), "tuple": (1, 2), "date": pandas.Timestamp("2026-01-02")}
        return {"dataset": ref, "facts": storage.save_json("_p", "_n", "facts", facts)}

    def get_output_preview(self, outputs, storage):
        table = storage.load_dataframe(outputs["dataset"])
        return {"columns": list(table.columns), "rows": table.values.tolist(), "total_rows": len(table)}
