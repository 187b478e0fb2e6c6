from cards.base import BaseCard


class DeriveReference(BaseCard):
    card_type = "derive_reference"
    display_name = "derive_reference"
    description = "Derives one reference from another."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {"trained_model": "model"}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
        ref = inputs["trained_model"]
        meta = storage.load_json(ref.replace("trained_model.joblib", "model_meta.json"))
        weights = storage.load_model(ref)["weights"]
        return {"out": storage.save_json("_p", "_n", "out", dict(zip(meta["features"], weights)))}

    def get_output_preview(self, outputs, storage):
        return {"outputs": sorted(outputs)}
