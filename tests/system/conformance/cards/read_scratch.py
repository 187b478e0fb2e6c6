from cards.base import BaseCard


class ReadScratch(BaseCard):
    card_type = "read_scratch"
    display_name = "read_scratch"
    description = "Reads the file of an earlier step of the same run."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {"after": "json"}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        with open("/tmp/conformance.txt") as file:
            return {"out": storage.save_json("_p", "_n", "out", file.read())}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
