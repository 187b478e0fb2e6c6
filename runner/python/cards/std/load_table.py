"""A table that comes with Ensemble or scikit-learn: no upload and no network."""

from cards.base import BaseCard
from ensemble.sample_tables import monthly_sales
from ensemble.tables import table_preview


class LoadTable(BaseCard):
    card_type = "std/load_table"
    display_name = "Load table"
    description = "Loads a small, well-known table. The column to predict is called target (in monthly_sales: sales)."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {
        "type": "object",
        "properties": {
            "table": {
                "type": "string",
                "title": "Table",
                "description": "iris, wine, breast_cancer and digits have classes to predict; diabetes a number; monthly_sales is made up.",
                "enum": ["iris", "wine", "breast_cancer", "diabetes", "digits", "monthly_sales"],
                "default": "iris",
            },
        },
        "required": ["table"],
    }
    input_schema = {}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        from sklearn import datasets

        name = config["table"]
        loaders = {
            "iris": datasets.load_iris,
            "wine": datasets.load_wine,
            "breast_cancer": datasets.load_breast_cancer,
            "diabetes": datasets.load_diabetes,
            "digits": datasets.load_digits,
        }
        if name == "monthly_sales":
            table = monthly_sales()
        elif name in loaders:
            bunch = loaders[name](as_frame=True)
            table = bunch.frame
            classes = bunch.get("target_names")
            if classes is not None:
                table["target"] = [str(classes[code]) for code in bunch.target]
        else:
            raise ValueError(f"table {name!r} does not exist; choose one of {', '.join(loaders)} or monthly_sales")
        print(f"{name}: {len(table):,} rows, {table.shape[1]} columns")
        return {"dataset": storage.save_dataframe("_", "_", "dataset", table)}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
