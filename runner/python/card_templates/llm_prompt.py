"""Asks a language model something about every row.

As it stands, the card writes the prompts and asks nobody ("Only write the prompts" is on), so it runs anywhere. To have them
answered it needs the network, which is off for every card: name the host in resources, as in
{"gpu": 0, "network": ["llm.example.org"]}, and have it granted to the project. This version of Ensemble cannot grant it yet, nor hand
a secret to a card. Until it can, a card that asks fails with "network is off for this card": take the prompts from the result,
have them answered elsewhere, and bring the answers back as a file.
"""

from cards.base import BaseCard


class LlmPrompt(BaseCard):
    # Nodes on the canvas remember this name. When you change it, Ensemble offers to move them along.
    card_type = "llm_prompt"
    display_name = "LLM prompt"
    description = "Writes a prompt for every row of a table and, with the network, has a language model answer it."
    category = "inference"
    execution_mode = "local"
    output_view_type = "table"
    # Cards whose type begins with llm_ ask for a GPU unless they say otherwise. The model runs elsewhere, so this one needs none.
    resources = {"gpu": 0}
    config_schema = {
        "type": "object",
        "properties": {
            "prompt": {
                "type": "string",
                "title": "Prompt",
                "description": "Names of columns in braces stand for the value of the row, as in: Is {name} a city?",
                "default": "Describe this row in one sentence: {row}",
            },
            "dry_run": {
                "type": "boolean",
                "title": "Only write the prompts",
                "description": "Nobody is asked, and the answers stay empty.",
                "default": True,
            },
            "rows": {
                "type": "integer",
                "title": "Rows at most",
                "description": "Every row is one question, and questions cost money.",
                "minimum": 1,
                "maximum": 10000,
                "default": 20,
            },
            "url": {
                "type": "string",
                "title": "Address",
                "description": "Of a service that speaks the chat completions protocol.",
                "default": "https://llm.example.org/v1/chat/completions",
            },
            "model": {"type": "string", "title": "Model", "description": "As the service calls it.", "default": "small"},
            "key": {"type": "secret", "title": "Key", "description": "The name of a secret of this project; never the key itself."},
        },
        "required": [],
    }
    input_schema = {"dataset": "dataframe"}
    output_schema = {"answers": "dataframe"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["dataset"]).head(config["rows"])
        prompts = [_fill(config["prompt"], row) for row in table.to_dict("records")]
        answers = []
        for number, prompt in enumerate(prompts, start=1):
            answers.append("" if config["dry_run"] else _ask(config, prompt))
            self.progress(number / len(prompts), f"{number} of {len(prompts)}")
        print(f"{len(prompts)} prompts were written" + (", nobody was asked" if config["dry_run"] else " and answered"))
        return {"answers": storage.save_dataframe("_", "_", "answers", table.assign(prompt=prompts, answer=answers))}

    def get_output_preview(self, outputs, storage):
        table = storage.load_dataframe(outputs["answers"])
        return {"columns": list(table.columns), "rows": table.head(50).values.tolist(), "total_rows": len(table)}


def _fill(prompt, row):
    """The prompt with the values of a row. Braces around anything else stay as they are."""
    for name, value in {**row, "row": ", ".join(f"{name}: {value}" for name, value in row.items())}.items():
        prompt = prompt.replace("{" + str(name) + "}", str(value))
    return prompt


def _ask(config, prompt):
    import json
    import urllib.request

    body = {"model": config["model"], "messages": [{"role": "user", "content": prompt}]}
    headers = {"content-type": "application/json"}
    if isinstance(config.get("key"), str):
        headers["authorization"] = f"Bearer {config['key']}"
    request = urllib.request.Request(config["url"], json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["choices"][0]["message"]["content"]
