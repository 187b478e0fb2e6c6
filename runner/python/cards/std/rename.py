"""Gives columns other names."""

from cards.base import BaseCard
from ensemble.tables import require_columns, table_preview


class Rename(BaseCard):
    card_type = "std/rename"
    display_name = "Rename columns"
    description = "Gives columns other names; all others keep theirs."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "names": {
                "type": "object",
                "title": "New names",
                "description": 'Old name to new name, such as {"sepal length (cm)": "length"}.',
                "additionalProperties": {"type": "string"},
                "x-port": "dataset",
                "default": {},
            },
        },
        "required": ["names"],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"])
        names = config["names"]
        if not isinstance(names, dict) or not names:
            raise ValueError('no new name is given; write them as {"old name": "new name"}')
        require_columns(table, names, "column")
        empty = [old for old, new in names.items() if not isinstance(new, str) or not new.strip()]
        if empty:
            raise ValueError(f"the new name of column {empty[0]!r} is empty; write a text")
        renamed = table.rename(columns={old: new.strip() for old, new in names.items()})
        twice = renamed.columns[renamed.columns.duplicated()]
        if len(twice):
            raise ValueError(f"two columns would be called {twice[0]!r}; give each column a name of its own")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", renamed)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
