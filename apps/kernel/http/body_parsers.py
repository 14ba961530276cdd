"""Reading bodies of the API: bounded, and refused rather than half understood."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from apps.kernel.http.protocol_errors import BodyTooLargeError


class BoundedJSONParser(JSONParser):
    """JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes; DRF's own parser reads without end, and crashes on deep nesting."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value. Raises BodyTooLargeError, ParseError."""
        del media_type, parser_context
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        content = stream.read(most + 1)
        if len(content) > most:
            raise BodyTooLargeError(limit_bytes=most)
        try:
            return json.loads(content.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


def _refuse_constant(name: str) -> None:
    """NaN and Infinity are Python's JSON alone."""
    raise ValueError(name)
