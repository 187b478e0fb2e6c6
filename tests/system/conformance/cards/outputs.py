from cards.base import BaseCard


class Outputs(BaseCard):
    card_type = "outputs"
    display_name = "outputs"
    description = "Returns one output, saves another, and leaves an artifact beside."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"both": "json", "saved": "json"}

    def execute(self, config, inputs, storage):
        chosen = storage.save_json("_p", "_n", "other", "returned")
        storage.save_json("_p", "_n", "both", "saved under the name")
        storage.save_json("_p", "_n", "saved", "only saved")
        storage.save_bytes("_p", "_n", "notes", b"beside", "txt")
        return {"both": chosen}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
