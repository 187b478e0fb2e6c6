from cards.base import BaseCard


class Missing(BaseCard):
    card_type = "missing"
    display_name = "missing"
    description = "Promises an output and forgets it."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"promised": "json"}

    def execute(self, config, inputs, storage):
        storage.save_json("_p", "_n", "something", 1)
        return {}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
