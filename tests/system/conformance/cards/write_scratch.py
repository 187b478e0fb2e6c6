from cards.base import BaseCard


class WriteScratch(BaseCard):
    card_type = "write_scratch"
    display_name = "write_scratch"
    description = "Leaves a file in the scratch directory."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        with open("/tmp/conformance.txt", "x") as file:
            file.write("left by a step")
        return {"out": storage.save_json("_p", "_n", "out", None)}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
