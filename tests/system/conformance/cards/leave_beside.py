from cards.base import BaseCard


class LeaveBeside(BaseCard):
    card_type = "leave_beside"
    display_name = "leave_beside"
    description = "Leaves an artifact beside its output."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        storage.save_json("_p", "_n", "beside", "from two steps before")
        return {"out": storage.save_json("_p", "_n", "out", 1)}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
