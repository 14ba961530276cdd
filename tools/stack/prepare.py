"""Bring the database to the code: migrations, and the demo organization."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import TypedDict, cast

from tools.stack.errors import StackError
from tools.stack.places import ROOT, Places, write_private
from tools.stack.processes import end_with_parent


class Person(TypedDict):
    """One demo sign-in."""

    email: str
    name: str
    role: str


class SignIns(TypedDict):
    """What `seed_demo --show` prints."""

    url: str
    platform_url: str
    password: str
    people: list[Person]
    operator: str


def migrate(environment: Mapping[str, str]) -> None:
    """Migrate the shared tables, the template and every tenant. StackError with the command's own words when it fails."""
    _manage(environment, "migrate_tenants")


def seed(environment: Mapping[str, str], *, bare: bool = False) -> None:
    """Make the demo organization; bare leaves its write-ups out."""
    _manage(environment, "seed_demo", *(["--bare"] if bare else []))


def sign_ins(environment: Mapping[str, str]) -> SignIns:
    """The addresses and the demo people."""
    return cast("SignIns", json.loads(_manage(environment, "seed_demo", "--show").splitlines()[-1]))


def prepare_once(environment: Mapping[str, str], places: Places) -> None:
    """Migrate and make the bare demo organization, unless this very code has done so on this very data."""
    stamp, wanted = places.notes / "prepared", fingerprint(places)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    migrate(environment)
    seed(environment, bare=True)
    write_private(stamp, wanted)


def fingerprint(places: Places) -> str:
    """Changes with any migration, and with the cluster itself."""
    digest = hashlib.sha256()
    for file in sorted(ROOT.glob("apps/**/migrations/*.py")):
        digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    # A cluster made anew is another file; the stamp of the old one says nothing about it.
    version_file = places.postgres / "PG_VERSION"
    digest.update(str(version_file.stat().st_ino if version_file.exists() else 0).encode())
    return digest.hexdigest()


def quietly(environment: Mapping[str, str], command: list[str], *, on_failure: Callable[[str], str]) -> str:
    """Run and return what it printed. StackError(on_failure(what it said)) when it fails."""
    outcome = subprocess.run(
        command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False,
        preexec_fn=end_with_parent,
    )  # fmt: skip
    if outcome.returncode:
        raise StackError(on_failure((outcome.stdout + outcome.stderr).strip()))
    return outcome.stdout


def _manage(environment: Mapping[str, str], name: str, *arguments: str) -> str:
    command = [sys.executable, "manage.py", name, *arguments]
    return quietly(environment, command, on_failure=lambda said: f"`manage.py {name}` failed:\n{said}")
