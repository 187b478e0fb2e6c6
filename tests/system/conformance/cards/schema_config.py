from cards.base import BaseCard


class SchemaConfig(BaseCard):
    card_type = "schema_config"
    display_name = "schema_config"
    description = "JSON Schema."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "default": "a"},
            "count": {"type": "integer", "default": 2, "minimum": 1},
            "list": {"type": "array", "items": {"type": "number"}, "default": [1, 2]},
            "set": {"type": "string"},
        },
        "required": ["set"],
    }
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        return {"out": storage.save_json("_p", "_n", "out", {**config})}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
