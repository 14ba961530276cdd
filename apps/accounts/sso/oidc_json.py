"""JSON of others, read so that no two readers can understand it differently."""

import json
from typing import Any


def json_object(data: bytes | str) -> dict[str, Any]:
    """The object; ValueError for anything else, a name that comes twice, and text that no database holds."""
    try:
        found = json.loads(data, object_pairs_hook=_without_repetition, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(found, dict):
        raise ValueError(type(found))  # noqa: TRY004 - of the text, not of our call
    # A lone surrogate cannot be encoded, and NUL cannot be stored.
    text = json.dumps(found, ensure_ascii=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError
    return found


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)
