"""Words that the writer quotes: between quotation marks, straight or curly."""

import re

_QUOTED = re.compile(r"[\"“„«][^\"“”„«»\n]{1,400}[\"”“»]|(?<!\w)[‘'](?=\w)[^‘’'\n]{3,200}[’'](?!\w)")


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Places of the quoted words, marks included."""
    return tuple(match.span() for match in _QUOTED.finditer(text))
