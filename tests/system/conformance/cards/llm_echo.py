from cards.base import BaseCard


class LlmEcho(BaseCard):
    card_type = "llm_echo"
    display_name = "llm_echo"
    description = "Needs a GPU, as its type says."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        return {"out": storage.save_json("_p", "_n", "out", 1)}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
