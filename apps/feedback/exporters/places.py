"""From a span of a section's text to the places in the file that hold those words."""

from collections.abc import Sequence
from typing import TypedDict

from apps.feedback.exporters.port import Place


class SpanRow(TypedDict):
    """A section's span as it is stored: text[start:end] stands in paragraph `path` from its character `offset` on."""

    start: int
    end: int
    path: str
    offset: int


def places_of(spans: Sequence[SpanRow], *, start: int, end: int, heading_path: str) -> tuple[Place, ...]:
    """The places of section.text[start:end] in reading order.

    An empty span is about the section as a whole: the heading, else the section's first paragraph. No place at all means that the
    section has neither heading nor text.
    """
    if start < end:
        found = [
            Place(
                span["path"],
                span["offset"] + max(start, span["start"]) - span["start"],
                span["offset"] + min(end, span["end"]) - span["start"],
            )
            for span in spans
            if span["start"] < end and span["end"] > start
        ]
        if found:
            return tuple(found)
    if heading_path:
        return (Place(heading_path, 0, None),)
    first = next((span for span in spans if span["end"] > span["start"]), None)
    return (Place(first["path"], first["offset"], first["offset"] + first["end"] - first["start"]),) if first else ()
