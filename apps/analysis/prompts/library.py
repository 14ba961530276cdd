"""The prompt texts by name and version. A text is never edited once used: a change is a new version beside the old one."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from apps.kernel.errors import InvalidInputError, gettext_noop

_TEXTS = Path(__file__).parent / "texts"
_NAME = re.compile(r"[a-z_]+\.v[0-9]+")
_FIELD = re.compile(r"\{\{([a-z_]+)\}\}")


class UnknownPromptError(InvalidInputError):
    """There is no prompt of this name and version."""

    code = "unknown_prompt"
    sentence = gettext_noop("There is no prompt named %(name)s.")


def prompt_names() -> tuple[str, ...]:
    """Every prompt, as "name.vN"."""
    return tuple(sorted(path.stem for path in _TEXTS.glob("*.md")))


@lru_cache(maxsize=32)
def prompt_text(name: str) -> str:
    """The text of "name.vN". Raises UnknownPromptError."""
    path = _TEXTS / f"{name}.md"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise UnknownPromptError(name=name[:80])
    return path.read_text(encoding="utf-8")


def filled(name: str, values: Mapping[str, str]) -> str:
    """The text with each {{field}} replaced, in one pass: a value that looks like a field stays as it is. KeyError for a missing value."""
    return _FIELD.sub(lambda match: values[match.group(1)], prompt_text(name))
