from cards.base import BaseCard


class HandOn(BaseCard):
    card_type = "hand_on"
    display_name = "hand_on"
    description = "Hands on a reference that it has not loaded."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {"before": "json"}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        return {"out": storage.save_json("_p", "_n", "out", inputs["before"].replace("out.json", "beside.json"))}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
