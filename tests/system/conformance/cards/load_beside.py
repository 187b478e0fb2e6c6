from cards.base import BaseCard


class LoadBeside(BaseCard):
    card_type = "load_beside"
    display_name = "load_beside"
    description = "Loads a side artifact of a step that it is not connected to."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {"hint": "json"}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        return {"out": storage.save_json("_p", "_n", "out", storage.load_json(storage.load_json(inputs["hint"])))}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
