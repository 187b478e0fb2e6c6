from cards.base import BaseCard


class ApplyNet(BaseCard):
    card_type = "apply_net"
    display_name = "apply_net"
    description = "Unpickles it without importing anything."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {"model": "model"}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        net = storage.load_model(inputs["model"])
        return {"out": storage.save_json("_p", "_n", "out", [type(net).__module__, net.predict(2)])}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
