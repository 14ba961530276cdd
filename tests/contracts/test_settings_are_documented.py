"""`.env.example` names every variable that the settings read, and nothing else."""

import ast
import re

from tests.contracts.sources import ROOT, calls_of, named, python_files

_READERS = ("text", "integer", "number", "boolean", "listing", "networks", "secret", "required_secret")
# Names that belong to the tests' own machinery, to Django's start-up, or to the operating system.
_NOT_FOR_PEOPLE = {
    "PYTEST_XDIST_WORKER",
    "PRISM_TEST_SERVERS",
    "PRISM_TEST_FILES",
    "PRISM_TEST_DATABASE",
    "PRISM_TEST_REAL_WORKER",
}
# Read by the software development kit of AWS itself, by Django, or by the container's entry point.
_READ_ELSEWHERE = re.compile(
    r"^(?:AWS_[A-Z0-9_]+|DJANGO_SETTINGS_MODULE|PORT|WEB_PROCESSES|REALTIME_PROCESSES|WORKER_PROCESSES|WORKER_QUEUES)$"
)
_LINE = re.compile(r"^#?\s?([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def _read() -> set[str]:
    names = set()
    for path in python_files("config"):
        for call in calls_of(path, *_READERS):
            if call.args and isinstance(call.args[0], ast.Constant):
                names.add(str(call.args[0].value))
    return names - _NOT_FOR_PEOPLE


def _written() -> list[str]:
    return _LINE.findall((ROOT / ".env.example").read_text(encoding="utf-8"))


def test_every_variable_that_is_read_is_explained() -> None:
    assert len(_read()) > 30, "the readers were found"
    assert _read() - set(_written()) == set()


def test_nothing_is_explained_that_nobody_reads() -> None:
    assert {name for name in _written() if name not in _read() and not _READ_ELSEWHERE.match(name)} == set()


def test_a_variable_is_explained_once() -> None:
    written = _written()
    assert sorted(written) == sorted(set(written))


def test_the_environment_is_read_in_one_place() -> None:
    reading = [
        named(path)
        for path in python_files("apps", "config")
        if re.search(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")", path.read_text(encoding="utf-8"))
        or "getenv(" in path.read_text(encoding="utf-8")
    ]
    assert reading == ["config/env.py"]
