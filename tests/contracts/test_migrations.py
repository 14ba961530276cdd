"""Migrations run once an organization, so they are named, few, and borrow no model of today."""

import re
from pathlib import Path

from tests.contracts.sources import ROOT, named, tracked

_NAME = re.compile(r"^\d{4}_[a-z][a-z0-9_]+\.py$")


def _migrations() -> list[Path]:
    return [path for path in tracked() if path.parent.name == "migrations" and path.name != "__init__.py"]


def test_every_migration_has_a_name_that_says_what_it_does() -> None:
    assert len(_migrations()) > 8, "the migrations were found"
    odd = [named(path) for path in _migrations() if not _NAME.match(path.name) or "_auto_" in path.name]
    assert odd == []


def test_no_migration_imports_a_model() -> None:
    importing = [
        named(path)
        for path in _migrations()
        if re.search(r"^\s*(?:from|import) apps\.\S*models", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert importing == []


def test_the_first_release_has_few_migrations() -> None:
    rooms: dict[str, int] = {}
    for path in _migrations():
        room = str(path.parent.parent.relative_to(ROOT))
        rooms[room] = rooms.get(room, 0) + 1
    assert {room: count for room, count in rooms.items() if count > 3} == {}
