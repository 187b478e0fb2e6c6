"""A table from a file of the project."""

from cards.base import BaseCard
from ensemble.table_files import read_table
from ensemble.tables import table_preview


class LoadFile(BaseCard):
    card_type = "std/load_file"
    display_name = "Load file"
    description = "Reads a table from a CSV, TSV, JSON, JSON lines, Parquet or XLSX file."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "file": {
                "type": "file",
                "title": "File",
                "description": "A file of this project.",
            },
            "format": {
                "type": "string",
                "title": "Format",
                "description": "auto finds it out.",
                "enum": ["auto", "csv", "tsv", "json", "jsonl", "parquet", "xlsx"],
                "default": "auto",
            },
            "separator": {
                "type": "string",
                "title": "Separator",
                "description": "Of CSV; auto finds it out.",
                "enum": ["auto", "comma", "semicolon", "tab", "bar"],
                "default": "auto",
            },
            "encoding": {
                "type": "string",
                "title": "Encoding",
                "description": "Of text; auto finds it out.",
                "enum": ["auto", "utf-8", "utf-16", "cp1252", "latin-1"],
                "default": "auto",
            },
            "decimal": {
                "type": "string",
                "title": "Decimal sign",
                "description": "Of CSV: 3.14 or 3,14.",
                "enum": [".", ","],
                "default": ".",
            },
            "header": {
                "type": "boolean",
                "title": "First row has the names",
                "description": "Without it, columns are called column_1, column_2 and so on.",
                "default": True,
            },
            "sheet": {
                "type": "string",
                "title": "Sheet",
                "description": "Of XLSX. Empty: the first one.",
                "default": "",
            },
        },
        "required": ["file"],
    }
    input_schema = {}
    output_schema = {"dataset": "dataframe"}
    output_columns = {"dataset": "file"}

    def execute(self, config, inputs, storage):
        if not isinstance(config.get("file"), str) or not config["file"]:
            raise ValueError("no file is chosen; choose a file of the project")
        table, found = read_table(config["file"], config)
        print(f"{len(table):,} rows, {table.shape[1]} columns ({', '.join(found)})")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", table)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
