"""What the papers say exists: links lead somewhere, commands are there, and nothing names a place outside the project."""

import re
from pathlib import Path

from tests.contracts.sources import ROOT, named, tracked

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_MAKE = re.compile(r"`?make ([a-z-]+)")
_COMMAND = re.compile(r"manage\.py ([a-z_]+)")


def _papers() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def test_every_link_leads_somewhere() -> None:
    dead = [
        f"{named(paper)}: {target}"
        for paper in _papers()
        for target in _LINK.findall(paper.read_text(encoding="utf-8"))
        if "://" not in target and not (paper.parent / target).exists()
    ]
    assert dead == []


def test_every_make_command_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = {
        f"{named(paper)}: {target}"
        for paper in _papers()
        for block in re.findall(r"```.*?```|`[^`\n]+`", paper.read_text(encoding="utf-8"), re.DOTALL)
        for target in _MAKE.findall(block)
        if target not in targets
    }
    assert asked == set()


def test_every_management_command_is_there() -> None:
    from django.core.management import get_commands

    known = get_commands()
    named_in_papers = {
        command for paper in _papers() for command in _COMMAND.findall(paper.read_text(encoding="utf-8"))
    }
    assert len(named_in_papers) > 5
    assert named_in_papers - set(known) == set()


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs" / "adr"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(folder.glob("0*.md")) if page.name not in listed] == []
