"""Reading SCIM bodies: bounded JSON objects whose texts a database can hold."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError

from apps.kernel.http.body_parsers import BoundedJSONParser


class SCIMParser(BoundedJSONParser):
    """`application/scim+json`, and whatever else a provider calls it."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """A JSON object. Raises BodyTooLargeError, ParseError."""
        value = super().parse(stream, media_type, parser_context)
        if not isinstance(value, dict) or not is_storable(value):
            raise ParseError
        return value


def is_storable(value: object) -> bool:
    """Neither NUL nor half a surrogate pair in any text, and no number without bounds: PostgreSQL has no place for them."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\\u0000" not in text
