from cards.base import BaseCard


class Bulk(BaseCard):
    card_type = "bulk"
    display_name = "bulk"
    description = "JSON of 20 MB, far more than a message may hold."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"bulk": "json"}

    def execute(self, config, inputs, storage):
        return {"bulk": storage.save_json("_p", "_n", "bulk", [{"row": row, "text": "x" * 1000} for row in range(20_000)])}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
