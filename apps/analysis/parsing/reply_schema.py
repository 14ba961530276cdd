"""What a model's reply about a section must look like; sent with the request and used to read the answer."""

import json

from apps.analysis.rules.port import ItemType, Risk

NAME = "section_review"
DESCRIPTION = "Hand in the review of the section."
MAX_QUOTE_CHARS = 1_000
MAX_TEXT_CHARS = 1_000
MAX_POINTS = 3
MAX_QUESTIONS = 2


_TEXT = {"type": "string", "maxLength": MAX_TEXT_CHARS}


def schema_json(*, point_numbers: tuple[int, ...], max_items: int) -> str:
    """The JSON schema of a reply, as JSON text."""
    check = {
        "type": "object",
        "required": ["remark", "agrees"],
        "properties": {"remark": {"type": "integer", "minimum": 1}, "agrees": {"type": "boolean"}, "reason": _TEXT},
    }
    return json.dumps(
        {
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": {"type": "array", "items": _item(point_numbers), "maxItems": max_items},
                "checks": {"type": "array", "items": check},
            },
        }
    )


def _item(point_numbers: tuple[int, ...]) -> dict[str, object]:
    return {
        "type": "object",
        "required": ["points", "type", "risk", "confidence", "quote", "description", "suggestion"],
        "properties": {
            "points": {
                "type": "array",
                "items": {"type": "integer", "enum": list(point_numbers)},
                "minItems": 1,
                "maxItems": MAX_POINTS,
                "description": "The first gives the item its category.",
            },
            "type": {"type": "string", "enum": [kind.value for kind in ItemType]},
            "risk": {"type": "string", "enum": [risk.value for risk in Risk]},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "quote": {
                "type": "string",
                "maxLength": MAX_QUOTE_CHARS,
                "description": "Exact words of the section, or empty when something is missing.",
            },
            "description": _TEXT,
            "suggestion": _TEXT,
            "example": _TEXT,
            "questions": {"type": "array", "items": _TEXT, "maxItems": MAX_QUESTIONS},
        },
    }
