from cards.base import BaseCard


class SavePair(BaseCard):
    card_type = "save_pair"
    display_name = "save_pair"
    description = "Saves a model and what is known of it beside."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"trained_model": "model"}

    def execute(self, config, inputs, storage):
        storage.save_json("_p", "_n", "model_meta", {"features": ["a", "b"]})
        return {"trained_model": storage.save_model("_p", "_n", "trained_model", {"weights": [1, 2]})}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
