import socket

from cards.base import BaseCard


class Connect(BaseCard):
    card_type = "connect"
    display_name = "connect"
    description = "Opens a connection."
    category = "data"
    execution_mode = "local"
    output_view_type = "json"
    config_schema = {}
    input_schema = {}
    output_schema = {"out": "json"}
    resources = {"network": ["example.org"]}

    def execute(self, config, inputs, storage):
        socket.create_connection(("192.0.2.1", 80), timeout=5)
        return {"out": storage.save_json("_p", "_n", "out", "connected")}

    def get_output_preview(self, outputs, storage):
        return {}
