from cards.base import BaseCard


class Ids(BaseCard):
    card_type = "ids"
    display_name = "ids"
    description = "Says _p and _n to every save, as many cards do."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {"word": {"type": "string", "label": "Word", "default": ""}}
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        return {"out": storage.save_json("_p", "_n", "out", config["word"])}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
