from cards.base import BaseCard


class Net:
    def __init__(self, weight):
        self.weight = weight

    def predict(self, x):
        return self.weight * x


class TrainNet(BaseCard):
    card_type = "train_net"
    display_name = "train_net"
    description = "Pickles an object of a class that only this file has."
    category = "model"
    execution_mode = "local"
    output_view_type = "model_summary"
    config_schema = {}
    input_schema = {}
    output_schema = {"model": "model"}

    def execute(self, config, inputs, storage):
        return {"model": storage.save_model("_p", "_n", "model", Net(21))}

    def get_output_preview(self, outputs, storage):
        return {"model_type": type(storage.load_model(outputs["model"])).__name__}
