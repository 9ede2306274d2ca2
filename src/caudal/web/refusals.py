"""What the API's description says of refusals: every endpoint may answer with one."""

from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
TEXTS = {
    "400": "What was sent makes no sense, or a rule refuses it.",
    "401": "No key, or one that is not good.",
    "403": "The key may not do this.",
    "404": "There is no such row among those that the key sees.",
    "429": "Too many requests: wait.",
}
REFUSAL = {
    "description": "`detail` in words and often `code`, or the errors by field.",
    "oneOf": [
        {"type": "object", "additionalProperties": {}},
        {"type": "array", "items": {}},
    ],
}


def add_refusals(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: gives each operation the answers that all have in common."""
    result["components"].setdefault("schemas", {})["Problem"] = REFUSAL
    schema = {"$ref": "#/components/schemas/Problem"}
    for operations in result["paths"].values():
        for method in METHODS:
            _numbers_have_no_sign(operations.get(method, {}))
            answers = operations.get(method, {}).get("responses")
            for status, text in TEXTS.items() if answers is not None else ():
                content = {"application/json": {"schema": schema}}
                answers.setdefault(status, {"description": text, "content": content})
    return result


def _numbers_have_no_sign(operation: dict[str, Any]) -> None:
    """Addresses with a negative number are none: they do not reach the endpoint."""
    for each in operation.get("parameters", []):
        if each["in"] == "path" and each["schema"].get("type") == "integer":
            each["schema"].setdefault("minimum", 0)
