"""Splits a table into a part to learn from and a part to test with."""

from cards.base import BaseCard
from ensemble.tables import first_rows, require_column


class Split(BaseCard):
    card_type = "std/split"
    display_name = "Split"
    description = "Splits a table into training and test rows, at random or by time. The same seed gives the same rows."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "test_size": {
                "type": "number",
                "title": "Test share",
                "description": "Share of the rows that is kept back for testing.",
                "minimum": 0.01,
                "maximum": 0.99,
                "default": 0.25,
            },
            "stratify": {
                "type": "string",
                "title": "Stratify by",
                "description": "A column whose classes are to be equally frequent in both parts, such as target. Empty: purely at random.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "time_column": {
                "type": "string",
                "title": "Split by time",
                "description": "A column with dates or numbers: the latest rows are for testing. Empty: at random.",
                "format": "column",
                "x-port": "dataset",
                "default": "",
            },
            "seed": {
                "type": "integer",
                "title": "Seed",
                "description": "Any whole number; another one gives another split.",
                "minimum": 0,
                "maximum": 4294967295,
                "default": 42,
            },
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"train": "dataframe", "test": "dataframe"}
    output_columns = {"train": "dataset", "test": "dataset"}

    def execute(self, config, inputs, storage):
        from sklearn.model_selection import train_test_split

        table = storage.load_dataframe(inputs["dataset"])
        if len(table) < 2:
            raise ValueError(f"the table has {len(table)} rows; splitting needs at least 2")
        stratify, time = config["stratify"].strip(), config["time_column"].strip()
        if time and stratify:
            raise ValueError("a table is split by time or stratified, not both; empty one of the two fields")
        if time:
            train, test = self._by_time(table, time, config["test_size"])
        else:
            labels = self._labels(table, stratify, config["test_size"])
            train, test = train_test_split(table, test_size=config["test_size"], random_state=config["seed"], stratify=labels)
        print(f"{len(train):,} rows to train, {len(test):,} to test")
        return {
            "train": storage.save_dataframe("_", "_", "train", train),
            "test": storage.save_dataframe("_", "_", "test", test),
        }

    @staticmethod
    def _by_time(table, column, test_size):
        """Earlier and later rows. Rows of one moment stay together, so that nothing of the test time is learned from."""
        require_column(table, column, "time column")
        moments = table[column]
        if moments.dtype.kind not in "iufM":
            raise ValueError(f"time column {column!r} holds {moments.dtype}; it needs dates or numbers (derive date({column}) first)")
        if moments.isna().any():
            raise ValueError(f"time column {column!r} has {int(moments.isna().sum())} empty cells; fill them or drop those rows")
        ordered = table.sort_values(column, kind="stable")
        first = ordered[column].iloc[min(len(table) - 1, max(1, round(len(table) * (1 - test_size))))]
        train, test = ordered[ordered[column] < first], ordered[ordered[column] >= first]
        if train.empty:
            raise ValueError(f"time column {column!r} is {first} in too many rows to split there; take a smaller test share")
        return train, test

    @staticmethod
    def _labels(table, column, test_size):
        """The classes to keep in proportion, or None. Says why when the table cannot be split like that."""
        if not column:
            return None
        require_column(table, column, "stratify column")
        labels = table[column]
        if labels.isna().any():
            raise ValueError(f"stratify column {column!r} has {int(labels.isna().sum())} empty cells; fill them or drop those rows")
        counts = labels.value_counts()
        if counts.iloc[-1] < 2:
            raise ValueError(f"stratify column {column!r}: {counts.index[-1]!r} occurs only once, so it cannot be in both parts")
        smaller = int(min(test_size, 1 - test_size) * len(table))
        if smaller < len(counts):
            raise ValueError(f"stratify column {column!r} has {len(counts)} classes, but the smaller part has only {smaller} rows")
        return labels

    def get_output_preview(self, outputs, storage):
        parts = {name: storage.load_dataframe(outputs[name]) for name in ("train", "test")}
        total = sum(len(part) for part in parts.values())
        preview = {name: {"rows": first_rows(part, 25), "row_count": len(part)} for name, part in parts.items()}
        return {**preview, "split_ratio": round(len(parts["train"]) / total, 4)}
