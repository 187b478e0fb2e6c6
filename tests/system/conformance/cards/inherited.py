from typing import Any

from cards.base import BaseCard


class Common(BaseCard):
    category: str = "data"
    execution_mode: str = "local"
    output_view_type: str = "json"

    def execute(self, config: dict[str, Any], inputs: dict[str, str], storage: Any) -> dict[str, str]:
        return {"out": storage.save_json("_p", "_n", "out", self.display_name)}

    def get_output_preview(self, outputs, storage):
        return {"shown": storage.load_json(outputs["out"])}


class Inherited(Common):
    card_type: str = "inherited"
    display_name: str = "Inherits everything"
    description: str = "Annotated attributes; both methods are inherited."
    config_schema: dict = {}
    input_schema: dict = {}
    output_schema: dict = {"out": "json"}
