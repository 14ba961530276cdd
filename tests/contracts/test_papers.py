"""What the papers say exists: links lead somewhere, commands are there, and nothing names a place outside the project."""

import re
from pathlib import Path

from tests.contracts.sources import ROOT, named, tracked

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_MAKE = re.compile(r"`?make ([a-z-]+)")
_COMMAND = re.compile(r"(?:manage\.py|run --rm web) ([a-z_]+)([^`\n]*)")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_PATH = re.compile(r"(?<![\w/.<>{}:*~$-])(?:\.{1,2}/)?(?:[\w.-]+/)+[\w.-]*(?![\w/<>{}*])")
# Made by whoever runs the product, or by the product itself.
_MADE_LATER = ("deploy/.env", "deploy/tls/", ".data/")
_SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
# Where a path of a paper may begin: at the root, in a room's folder as the guides write it, or beside the paper.
_OUR_FOLDERS = (
    "apps/",
    "benchmarks/",
    "config/",
    "deploy/",
    "docs/",
    "locale/",
    "static/",
    "templates/",
    "tests/",
    "tools/",
)
_ROOTS = (ROOT, ROOT / "apps", *(ROOT / "apps").glob("[a-z]*/"), ROOT / "tests")


def _code_of(paper: Path) -> list[str]:
    return _CODE.findall(paper.read_text(encoding="utf-8"))


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
        for block in _code_of(paper)
        for target in _MAKE.findall(block)
        if target not in targets
    }
    assert asked == set()


def test_every_management_command_is_there() -> None:
    from django.core.management import get_commands, load_command_class

    known = get_commands()
    named_in_papers = [found for paper in _papers() for found in _COMMAND.findall(paper.read_text(encoding="utf-8"))]
    assert len({command for command, _ in named_in_papers}) > 5
    assert {command for command, _ in named_in_papers} - set(known) == set()
    unknown = set()
    for command, rest in named_in_papers:
        owner = known[command]
        parser = load_command_class(str(owner), command).create_parser("manage.py", command)
        unknown |= {
            f"{command} {option}"
            for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)
            if option not in parser._option_string_actions
        }
    assert unknown == set()


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs" / "adr"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(folder.glob("0*.md")) if page.name not in listed] == []


def test_every_path_that_a_paper_names_is_there() -> None:
    gone = [
        f"{named(paper)}: {path}"
        for paper in _papers()
        for code in _code_of(paper)
        for path in _PATH.findall(code)
        if "." in path.rsplit("/", 1)[-1] or path.startswith(_OUR_FOLDERS)
        if not path.startswith(_MADE_LATER) and not any((root / path).exists() for root in (*_ROOTS, paper.parent))
    ]
    assert gone == []


def test_every_setting_that_a_paper_names_is_read_somewhere() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for path in tracked()
        if path.is_relative_to(ROOT / "config")
        or path.is_relative_to(ROOT / "deploy")
        or path.is_relative_to(ROOT / "tools")
        or path.name in {".env.example", "Makefile"}
        if path.suffix not in {".md", ".mo"}
    ]
    known = {"PR_SET_PDEATHSIG", *_SETTING.findall("\n".join(sources))}  # the former is the kernel's
    asked = {(named(paper), name) for paper in _papers() for code in _code_of(paper) for name in _SETTING.findall(code)}
    assert len(asked) > 20
    assert {f"{paper}: {name}" for paper, name in asked if name not in known and not name.endswith("_FILE")} == set()
