from cards.base import BaseCard


class OneOfEach(BaseCard):
    card_type = "one_of_each"
    display_name = "one_of_each"
    description = "One output for each way of binding."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"exact": "json", "same": "json", "only": "bytes"}

    def execute(self, config, inputs, storage):
        refs = [storage.save_json("_p", "_n", "exact", 1), storage.save_json("_p", "_n", "same", 2)]
        return {"exact": refs[0], "same": refs[1], "only": storage.save_bytes("_p", "_n", "only", b"3", "txt")}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
