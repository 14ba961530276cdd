"""Every sentence that people read can be read in German, and the compiled catalogue is that of the source."""

import gettext
import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.models import User
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.feedback.test_upload_to_export import upload

CATALOGUE = Path(settings.ROOT) / "locale" / "de" / "LC_MESSAGES"
_KEPT = ("apps", "config", "templates")
Plain = dict[str, str]


def needs(tool: str) -> None:
    """Where the tool is missing the test is skipped and says so; the continuous run must have it."""
    if shutil.which(tool):
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{tool} is missing: install gettext")
    pytest.skip(f"{tool} is missing: install gettext")


def catalogue(path: Path) -> Plain:
    """What a compiled catalogue says, its plural forms one by one."""
    with path.open("rb") as file:
        read = gettext.GNUTranslations(file)
    return {str(key): value for key, value in read._catalog.items() if key}  # type: ignore[attr-defined]


def sentences(source: Path) -> Plain:
    """msgid -> msgstr of a source, the first form of plurals; empty for what is not translated or only guessed."""
    found: Plain = {}
    for block in source.read_text(encoding="utf-8").split("\n\n"):
        parts = dict.fromkeys(("msgid", "msgstr"), "")
        current = ""
        for line in block.splitlines():
            text = line
            if match := re.match(r"(msgid_plural|msgid|msgstr)(?:\[\d\])? (\".*\")$", line):
                current = match[1]
                text = match[2] if not parts.get(current) else ""
            if text.startswith('"') and current in parts:
                parts[current] += text[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
        if parts["msgid"]:
            found[parts["msgid"]] = "" if re.search(r"^#,.*fuzzy", block, re.MULTILINE) else parts["msgstr"]
    return found


def test_every_sentence_in_the_code_is_translated(tmp_path: Path) -> None:
    needs("xgettext")
    for name in _KEPT:
        shutil.copytree(Path(settings.ROOT) / name, tmp_path / name)
    shutil.copytree(CATALOGUE, tmp_path / "locale" / "de" / "LC_MESSAGES")
    command = [sys.executable, "-m", "django", "makemessages", "-l", "de", "--no-obsolete", "-v", "0"]
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path, check=True, env=kept)
    read = sentences(tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po")
    assert len(read) > 500
    missing = [msgid for msgid, msgstr in read.items() if not msgstr]
    assert not missing, f"translate these, then run make messages: {missing}"


def test_the_compiled_catalogue_is_that_of_the_source(tmp_path: Path) -> None:
    needs("msgfmt")
    subprocess.run(["msgfmt", "--check-format", "-o", tmp_path / "made.mo", CATALOGUE / "django.po"], check=True)
    assert catalogue(tmp_path / "made.mo") == catalogue(CATALOGUE / "django.mo"), "run make messages"


def test_no_translation_loses_a_value_or_a_tag() -> None:
    translated = sentences(CATALOGUE / "django.po")
    assert len(translated) > 200, "the catalogue was read"
    for msgid, msgstr in translated.items():
        for pattern in (r"%\(\w+\)s|%d|%%n", r"</?\w+>"):
            assert sorted(re.findall(pattern, msgid)) == sorted(re.findall(pattern, msgstr)), msgid


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Legen Sie Berichte irgendwo auf dieser Seite ab"),
        ("/documents/upload/", "Hochladen und prüfen"),
        ("/documents/{document}/", "Prüfung abschließen"),
        ("/documents/{document}/about/", "hat das Dokument hochgeladen"),
        ("/documents/{document}/preview/", "Nichts ist angenommen"),
        ("/framework/", "In jedem Dokument."),
        ("/profile/", "Kürzel mit einer Taste"),
        ("/people/", "Eine Person einladen"),
        ("/admin/", "Verwaltung"),
        ("/nothing/here/", "Das gibt es nicht, oder Sie haben keinen Zugang dazu."),
    ],
)
def test_a_person_who_reads_german_reads_german_alone(
    tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client], path: str, words: str
) -> None:
    person = cast_a.org_admin
    User.objects.filter(pk=person.pk).update(language="de")
    client = client_for(person, tenant_a)
    page = client.get(path.format(document=upload(client))).content.decode()
    assert '<html lang="de"' in page
    assert words in html.unescape(page)
    english = {
        msgid
        for msgid, msgstr in sentences(CATALOGUE / "django.po").items()
        if msgstr and msgstr != msgid and "%" not in msgid
    }
    # What an organization wrote itself stays as it is: the framework's own words, and what the engines say of a document.
    own = re.sub(
        r'<(?:h2|h3|p|dd|span|option)[^>]*class="(?:item__|point__|evidence__)[^>]*>.*?</(?:h2|h3|p|dd|span|option)>',
        "",
        page,
        flags=re.DOTALL,
    )
    texts = {html.unescape(text).strip() for text in re.findall(r">([^<>]+)<", own)}
    texts |= {
        html.unescape(text) for text in re.findall(r'(?:aria-label|placeholder|title|data-text-[a-z-]+)="([^"]+)"', own)
    }
    names = {one.name for one in cast_a.everyone}
    assert not (texts & english) - names


def test_a_refusal_and_a_deed_are_german_too(
    tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client]
) -> None:
    User.objects.filter(pk=cast_a.analyst.pk).update(language="de")
    client = client_for(cast_a.analyst, tenant_a)
    document = upload(client)
    answer = client.post(f"/documents/{document}/export/", headers={"Accept": "application/json"})
    assert answer.json()["detail"].startswith("Kein Hinweis ist angenommen")
    client.post(f"/documents/{document}/finish/")
    assert "Abgeschlossen von" in client.get(f"/documents/{document}/").content.decode()
