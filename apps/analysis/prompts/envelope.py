"""Document text inside a fence that it cannot forge: a delimiter with a nonce made for one request."""

import re

_NONCE = re.compile(r"[0-9a-f]{16,64}")
# Any tag of ours, with odd spacing, letter case, look-alike brackets or invisible characters between its letters.
_GAP = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*"
_FENCE = re.compile(
    rf"[<\uff1c\u2039\u3008]({_GAP}(?:[/\uff0f]{_GAP})?{_GAP.join('document')}{_GAP}-)",
    re.IGNORECASE,
)


def opening(nonce: str) -> str:
    """The line that opens the fence. ValueError unless the nonce is 16 to 64 hexadecimal digits."""
    if not _NONCE.fullmatch(nonce):
        message = "the nonce must be 16 to 64 hexadecimal digits"
        raise ValueError(message)
    return f"<document-{nonce}>"


def closing(nonce: str) -> str:
    """The line that closes the fence."""
    return opening(nonce).replace("<", "</", 1)


def neutralised(text: str, *, nonce: str) -> str:
    """Text in which nothing reads as our fence: its brackets become round, the nonce loses its middle. Length may change."""
    opening(nonce)
    without_nonce = re.sub(re.escape(nonce), f"{nonce[:4]}\u2026", text, flags=re.IGNORECASE)
    return _FENCE.sub(r"(\1", without_nonce)


def enclosed(text: str, *, nonce: str) -> str:
    """The text, neutralised, between its fences."""
    return f"{opening(nonce)}\n{neutralised(text, nonce=nonce)}\n{closing(nonce)}"
