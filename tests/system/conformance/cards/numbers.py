from cards.base import BaseCard

ODD = {"nan": float("nan"), "up": float("inf"), "down": float("-inf"), "plain": 1.5, "deep": [[float("nan")]]}


class Numbers(BaseCard):
    card_type = "numbers"
    display_name = "numbers"
    description = "Numbers that JSON does not have, in an output and in a preview."
    category = "data"
    execution_mode = "local"
    output_view_type = "metrics"
    config_schema = {}
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        return {"out": storage.save_json("_p", "_n", "out", ODD)}

    def get_output_preview(self, outputs, storage):
        return storage.load_json(outputs["out"])
