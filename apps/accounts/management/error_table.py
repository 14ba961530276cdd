"""The page of error codes, made from the errors themselves."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import apps
from apps.kernel.errors import DomainError, known_errors
from apps.kernel.http.problem_details import status_of

_HEAD = """# Error codes

Every refusal of the API is `application/problem+json` (RFC 9457) with these members: `type`, `title`, `status`, `code`, `detail`,
`request_id`; faults of a body are listed in `errors`, each with a JSON pointer. Programs decide by `code`: it does not change.
`detail` is a sentence for people, in their language. A job that ended badly has one of these codes as its `error.code`.

Generated from the code by `manage.py document_reference`.

| code | status | what it means |
|---|---|---|
"""
_NOT_IMPORTED = ("migrations", "management", "__main__")


def error_page() -> str:
    """The Markdown page, a row a code."""
    _load_everything()
    rows: dict[str, str] = {}
    for kind in known_errors():
        if kind is not DomainError:
            rows.setdefault(kind.code, _row(kind))
    return _HEAD + "\n".join(rows[code] for code in sorted(rows)) + "\n"


def _row(kind: type[DomainError]) -> str:
    meaning = " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
    return f"| `{kind.code}` | {_status_of(kind)} | {meaning.replace('|', chr(92) + '|')} |"


def _status_of(kind: type[DomainError]) -> int:
    """Of the class alone: some errors need fields before there is one to ask."""
    return status_of(kind.__new__(kind))


def _load_everything() -> None:
    for name in _modules():
        importlib.import_module(name)


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if not any(part in _NOT_IMPORTED for part in module.name.split(".")):
            yield module.name
