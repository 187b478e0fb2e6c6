from cards.base import BaseCard


class Bound(BaseCard):
    card_type = "bound"
    display_name = "bound"
    description = "Three inputs, each bound in another way."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {"named": "json", "same": "json", "anything": "bytes"}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        found = [storage.load_json(inputs["named"]), storage.load_json(inputs["same"]), storage.load_bytes(inputs["anything"]).decode()]
        return {"out": storage.save_json("_p", "_n", "out", found)}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
