"""Does to other rows what was learned from training rows."""

from cards.base import BaseCard
from ensemble.tables import table_preview


class Apply(BaseCard):
    card_type = "std/apply"
    display_name = "Apply"
    description = "Does to a table what Fill gaps, Encode or Scale learned from the training rows."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {"type": "object", "properties": {}, "required": []}
    input_schema = {"transformer": "model", "dataset": "dataframe"}
    output_schema = {"dataset": "dataframe"}

    def execute(self, config, inputs, storage):
        fitted = storage.load_model(inputs["transformer"])
        if not hasattr(fitted, "apply"):
            raise ValueError(f"{type(fitted).__name__} is no transformer; connect that of Fill gaps, Encode or Scale, or use Predict")
        table = storage.load_dataframe(inputs["dataset"])
        return {"dataset": storage.save_dataframe("_", "_", "dataset", fitted.apply(table))}

    def get_output_preview(self, outputs, storage):
        return table_preview(storage.load_dataframe(outputs["dataset"]))
