"""What a browser gets lies here: nothing is loaded from elsewhere, and what others wrote goes with its licence."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT, named, tracked

VENDOR = ROOT / "static" / "js" / "vendor"
# An address with a host, with or without its scheme; a name space is a name and is never fetched.
_ADDRESS = re.compile(r"(?:\b(?:https?|wss?|ftp):)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'`)<>]*", re.IGNORECASE)
_NAMES = ("http://www.w3.org/", "//www.w3.org/")
_COMMENT = re.compile(r"/\*.*?\*/|{% comment %}.*?{% endcomment %}|{#.*?#}|<!--.*?-->", re.DOTALL)


def addresses_in(text: str) -> list[str]:
    return [found for found in _ADDRESS.findall(_COMMENT.sub("", text)) if not found.startswith(_NAMES)]


def _sent() -> list[Path]:
    kinds = {".html", ".js", ".css", ".svg", ".json", ".webmanifest"}
    folders = (ROOT / "static", ROOT / "templates")
    return [p for p in tracked() if p.suffix in kinds and any(p.is_relative_to(folder) for folder in folders)]


def test_nothing_that_is_sent_to_a_browser_names_another_host() -> None:
    assert len(_sent()) > 60, "the files were found"
    assert {named(path): found for path in _sent() if (found := addresses_in(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example.org/x.js"></script>',
        "<link href='//fonts.example.org/css?family=Inter'>",
        "@import url(http://fonts.example.org/inter.css);",
        'new WebSocket("wss://push.example.org/")',
        'import("https://esm.example.org/it.js")',
    ],
)
def test_each_way_of_naming_another_host_is_found(text: str) -> None:
    assert addresses_in(text)


def test_every_package_that_is_vendored_brings_the_words_of_its_licence() -> None:
    record = json.loads((VENDOR / "VERSIONS.json").read_text(encoding="utf-8"))
    packages = {entry["package"] for entry in record}
    assert len(packages) > 1
    assert packages == {entry["package"] for entry in record if entry["file"].endswith(".LICENSE.txt")}
    assert all(entry["version"] and entry["licence"] for entry in record)


def test_what_is_vendored_is_what_was_recorded_and_nothing_else() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "tools.vendor_assets", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "vendored files are as recorded\n")
