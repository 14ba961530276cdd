"""The names of audited actions, each with the sentence that people read."""

from collections.abc import Callable, Mapping

_sentences: dict[str, str] = {}
_shown: dict[str, Callable[[str], str]] = {}


class UnknownActionError(LookupError):
    """An action was recorded that no room has registered: a fault in the code, not of a person."""


def register_actions(sentences: Mapping[str, str]) -> None:
    """Make actions known: name -> sentence, a %-template over `actor` and the entry's detail, marked with gettext_noop."""
    for name, sentence in sentences.items():
        if _sentences.get(name, sentence) != sentence:
            message = f"audit action {name} has two sentences"
            raise ValueError(message)
        _sentences[name] = sentence


def register_words(ways: Mapping[str, Callable[[str], str]]) -> None:
    """Make details readable: name of a detail -> what turns its stored word into the reader's language."""
    _shown.update(ways)


def shown_detail(name: str, value: object) -> object:
    """A detail as people read it; one that is no word, or whose words nobody has registered, as it is stored."""
    shown = _shown.get(name)
    return shown(value) if shown is not None and isinstance(value, str) and value else value


def sentence_for(action: str) -> str:
    """The registered sentence, not yet translated; UnknownActionError when there is none."""
    try:
        return _sentences[action]
    except KeyError as error:
        raise UnknownActionError(action) from error


def known_actions() -> dict[str, str]:
    """All registered actions with their sentences, by name."""
    return dict(sorted(_sentences.items()))
