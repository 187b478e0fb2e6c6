from cards.base import BaseCard


class FlatConfig(BaseCard):
    card_type = "flat_config"
    display_name = "flat_config"
    description = "The flat dialect."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {
        "text": {"type": "string", "label": "Text", "default": "a"},
        "number": {"type": "number", "label": "Number", "default": 2},
        "flag": {"type": "boolean", "label": "Flag", "default": True},
        "set": {"type": "string", "label": "Set by the pipeline", "default": "no"},
    }
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        return {"out": storage.save_json("_p", "_n", "out", {**config})}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
