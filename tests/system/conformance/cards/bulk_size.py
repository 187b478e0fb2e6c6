from cards.base import BaseCard


class BulkSize(BaseCard):
    card_type = "bulk_size"
    display_name = "bulk_size"
    description = "Reads the large JSON."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {"bulk": "json"}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        rows = storage.load_json(inputs["bulk"])
        return {"out": storage.save_json("_p", "_n", "out", [len(rows), rows[-1]["row"]])}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
