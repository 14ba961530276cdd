"""The six families of errors that the product raises on purpose; each has a stable code and a sentence for people."""

from typing import ClassVar


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for makemessages without importing Django; it is translated at the edge."""
    return sentence


class DomainError(Exception):
    """A refusal that a person or a program can understand.

    `code` is stable and documented, `sentence` is shown to people (a %-template over `fields`), `fields` are plain values.
    `may_pass` says whether the same again may end better.
    """

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = gettext_noop("Something went wrong.")
    may_pass: ClassVar[bool] = True

    def __init__(self, **fields: object) -> None:
        super().__init__(self.code)
        self.fields = fields

    def __str__(self) -> str:
        return self.sentence % self.fields if self.fields else self.sentence


class NotFoundError(DomainError):
    """There is no such thing, or it is not yours: the two are never told apart."""

    code = "not_found"
    sentence = gettext_noop("This does not exist, or you have no access to it.")


class NotAllowedError(DomainError):
    """You may see it but may not do this."""

    code = "not_allowed"
    sentence = gettext_noop("You are not allowed to do this.")


class InvalidInputError(DomainError):
    """What was sent cannot be used; the sentence says what to send instead."""

    code = "invalid_input"
    sentence = gettext_noop("This input cannot be used.")
    may_pass = False


class ConflictError(DomainError):
    """The thing has changed or is in a state that forbids this."""

    code = "conflict"
    sentence = gettext_noop("This has changed in the meantime.")


class LimitReachedError(DomainError):
    """A limit of size, number, money or rate was reached."""

    code = "limit_reached"
    sentence = gettext_noop("A limit was reached.")


class UnavailableError(DomainError):
    """Something outside is down or slow; trying again later may work. The stage runner retries this family alone."""

    code = "unavailable"
    sentence = gettext_noop("A service is not available just now. Please try again.")


def known_errors() -> list[type[DomainError]]:
    """Every kind of refusal that is loaded, by code."""
    found: list[type[DomainError]] = []
    waiting = [DomainError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return sorted(set(found), key=lambda kind: (kind.code, kind.__qualname__))


def error_of_code(code: str) -> type[DomainError]:
    """The kind of refusal that has this stored code; DomainError for a code that nobody has any more."""
    return next((kind for kind in known_errors() if kind.code == code), DomainError)
