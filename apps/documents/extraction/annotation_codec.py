"""Annotations as bytes and back: what the child is given beside the Word file that it writes them into."""

import json
import struct
from collections.abc import Sequence
from datetime import datetime

from apps.documents.word.annotations import Annotation, Target

ORDER_HEAD = struct.Struct("<Q")
"""Before the annotations, which stand before the file: their length in bytes."""


def dump_annotations(annotations: Sequence[Annotation]) -> bytes:
    """The annotations, for the child."""
    rows = [
        ([tuple(target) for target in one.targets], one.text, one.author, one.initials, one.at.isoformat())
        for one in annotations
    ]
    # Text that is no valid Unicode must not end here: what writes the comments cleans it.
    return json.dumps(rows, separators=(",", ":")).encode()


def load_annotations(dumped: bytes) -> list[Annotation]:
    """What dump_annotations was given."""
    return [
        Annotation(tuple(Target(*target) for target in targets), text, author, initials, datetime.fromisoformat(at))
        for targets, text, author, initials, at in json.loads(dumped)
    ]
