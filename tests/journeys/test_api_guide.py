"""The guide to the API, as its reader would follow it: every command, top to bottom, in one shell, against a running installation."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.journeys.installation import Installation
from tests.journeys.pages import WRITE_UP
from tests.template import PASSWORD

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    return [text for found, text in _BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if found == kind]


def follow_the_guide(
    installation: Installation, folder: Path, *, password: str = PASSWORD
) -> "subprocess.CompletedProcess[str]":
    """Run its commands in a folder of their own, stopping at the first that fails."""
    (folder / "case 17.docx").write_bytes(WRITE_UP)
    environment = {
        "PATH": str(Path(shutil.which("curl") or "/usr/bin/curl").parent) + ":/usr/bin:/bin:/usr/local/bin",
        "PRISM": installation.address(),
        "EMAIL": "analyst@example.com",
        "PASSWORD": password,
        "FILE": "case 17.docx",
        "no_proxy": "*",
    }
    script = "\n".join(["set -euo pipefail", *blocks("sh")])
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_every_command_of_the_guide_works_and_says_what_it_says(installation: Installation, tmp_path: Path) -> None:
    done = follow_the_guide(installation, tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stderr == ""
    place = 0
    for expected in ["completed\n", *blocks("text")]:
        assert expected in done.stdout[place:], done.stdout
        place = done.stdout.index(expected, place) + len(expected)
    with zipfile.ZipFile(tmp_path / "reviewed.docx") as file:
        assert file.read("word/comments.xml").count(b"<w:comment ") == 1


def test_the_guide_stops_where_something_is_refused(installation: Installation, tmp_path: Path) -> None:
    done = follow_the_guide(installation, tmp_path, password="not the password")
    assert done.returncode != 0
    assert not (tmp_path / "reviewed.docx").exists()
