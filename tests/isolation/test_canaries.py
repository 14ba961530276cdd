"""20,000 mixed operations side by side in six organizations that share every id they can: no canary is seen anywhere but at home.

Pages and API through the WSGI application in threads, sockets, tasks through the broker with a worker, files, cache, mail, exports,
and reviews with a model that speaks real Bedrock. PRISM_CANARY_OPERATIONS makes it longer before a release.
"""

import io
import itertools
import os
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from celery import shared_task
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.db import connection

from apps.accounts.models import User
from apps.accounts.services.reset_password import ask_for_reset
from apps.documents.models import Version
from apps.documents.services.upload import upload_document
from apps.feedback.models import Export
from apps.kernel.errors import NotFoundError
from apps.kernel.events.stream import emit
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.jobs.services import run_inline
from apps.kernel.llm import bedrock
from apps.kernel.storage.tenant_files import open_stored
from apps.kernel.tenancy.cache_keys import tenant_key
from apps.kernel.tenancy.context import TenantRef, current_tenant, inside
from apps.kernel.tenancy.tenant_task import TenantTask
from apps.tenants.services.provision import provision_tenant
from tests.doubles.bedrock_wire import CREDENTIALS, BedrockWire, bedrock_wire
from tests.isolation.company import QUEUE, a_worker, host, sockets, wait_for_the_worker
from tests.isolation.stage import Furnished, furnish, write_up
from tests.isolation.watch import logged, watched
from tests.isolation.wsgi_caller import Answer, call
from tests.template import TENANT_A

OPERATIONS = int(os.environ.get("PRISM_CANARY_OPERATIONS", "20000"))
SEED = 20_260
THREADS = 8
NEW_TENANTS = ("cove", "dune", "echo", "fjord")
CANARY = re.compile(r"zq[a-z]+canary")
EQUAL_PERSON = UUID(int=(0x0190C000 << 96) | (7 << 76) | (2 << 62) | 2)

# Numbers about models, which belong to the whole platform; the broker's own; a process's mailbox for hints that carry nothing.
NOBODYS_KEYS = ("llm:", "unacked", "_kombu", "asgispecific.")

# How often each kind of operation comes, of a thousand.
MIX = {
    "me_by_cookie": 200,
    "me_by_key": 120,
    "equal_person": 110,
    "own_document": 80,
    "foreign_document": 120,
    "foreign_cookie": 60,
    "foreign_key": 50,
    "stream": 70,
    "cached": 70,
    "own_file": 25,
    "foreign_file": 35,
    "task": 30,
    "said": 10,
    "export": 6,
    "page": 8,
    "reset_mail": 4,
    "review": 2,
}


@dataclass
class Stage:
    """What all threads share: the organizations, and what has been found."""

    homes: list[Furnished]
    cookies: dict[str, str]
    files: dict[str, str]
    exports: dict[str, str]
    done: Counter[str] = field(default_factory=Counter)
    at_home: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, kind: str, home: Furnished, text: str) -> None:
        """Note every canary in `text` that is not this home's."""
        found = set(CANARY.findall(text))
        with self.lock:
            self.at_home[kind] += home.canary in found
            self.leaks += [f"{kind} at {home.tenant.slug}: {canary}" for canary in found - {home.canary}]

    def expect(self, kind: str, home: Furnished, answer: Answer, *statuses: int) -> None:
        """Look, and note an answer that is not one of those that belong here."""
        self.look(kind, home, answer.everything())
        if answer.status not in statuses:
            with self.lock:
                self.leaks.append(f"{kind} at {home.tenant.slug}: status {answer.status}")


CASES = itertools.count(1)
GREETED: list[tuple[str, str]] = []


@shared_task(base=TenantTask, name="test.greet")
def greet() -> None:
    """A task that reads a row and says whose it was."""
    GREETED.append((current_tenant().slug, User.objects.get(pk=EQUAL_PERSON).name))


def cookie(stage: Stage, home: Furnished) -> dict[str, str]:
    return {"Cookie": f"{django_settings.SESSION_COOKIE_NAME}={stage.cookies[home.tenant.slug]}"}


def bearer(home: Furnished) -> dict[str, str]:
    return {"Authorization": f"Bearer {home.api_token}"}


def me_by_cookie(stage: Stage, home: Furnished, other: Furnished) -> None:
    stage.expect("me_by_cookie", home, call(host(home), "/api/v2/me/", headers=cookie(stage, home)), 200)


def me_by_key(stage: Stage, home: Furnished, other: Furnished) -> None:
    stage.expect("me_by_key", home, call(host(home), "/api/v2/me/", headers=bearer(home)), 200)


def equal_person(stage: Stage, home: Furnished, other: Furnished) -> None:
    path = f"/api/v2/people/{EQUAL_PERSON}/"
    stage.expect("equal_person", home, call(host(home), path, headers=cookie(stage, home)), 200)


def own_document(stage: Stage, home: Furnished, other: Furnished) -> None:
    path = f"/api/v2/documents/{home.document_id}/"
    stage.expect("own_document", home, call(host(home), path, headers=bearer(home)), 200)


def foreign_document(stage: Stage, home: Furnished, other: Furnished) -> None:
    path = random.choice(("/api/v2/documents/{}/", "/documents/{}/", "/api/v2/documents/{}/sections/"))  # noqa: S311
    answer = call(host(home), path.format(other.document_id), headers=cookie(stage, home))
    stage.expect("foreign_document", home, answer, 404)


def foreign_cookie(stage: Stage, home: Furnished, other: Furnished) -> None:
    stage.expect("foreign_cookie", home, call(host(home), "/api/v2/me/", headers=cookie(stage, other)), 401)


def foreign_key(stage: Stage, home: Furnished, other: Furnished) -> None:
    stage.expect("foreign_key", home, call(host(home), "/api/v2/me/", headers=bearer(other)), 401)


def stream(stage: Stage, home: Furnished, other: Furnished) -> None:
    stage.expect("stream", home, call(host(home), "/stream/?after=0", headers=cookie(stage, home)), 200)


def page(stage: Stage, home: Furnished, other: Furnished) -> None:
    stage.expect("page", home, call(host(home), "/people/", headers=cookie(stage, home)), 200)


def export(stage: Stage, home: Furnished, other: Furnished) -> None:
    path = f"/api/v2/exports/{stage.exports[home.tenant.slug]}/file/"
    stage.expect("export", home, call(host(home), path, headers=cookie(stage, home)), 200)
    path = f"/api/v2/exports/{stage.exports[other.tenant.slug]}/file/"
    stage.expect("export", home, call(host(home), path, headers=cookie(stage, home)), 404)


def cached(stage: Stage, home: Furnished, other: Furnished) -> None:
    with inside(home.tenant):
        cache.set(tenant_key("canary"), home.canary, 600)
        stage.look("cached", home, str(cache.get(tenant_key("canary"))))


def own_file(stage: Stage, home: Furnished, other: Furnished) -> None:
    with inside(home.tenant), open_stored(stage.files[home.tenant.slug]) as file:
        # A Word file is packed: its name is in the row, its words are inside.
        import zipfile

        stage.look("own_file", home, zipfile.ZipFile(file).read("word/document.xml").decode())


def foreign_file(stage: Stage, home: Furnished, other: Furnished) -> None:
    with inside(home.tenant):
        try:
            with open_stored(stage.files[other.tenant.slug]) as file:
                stage.leaks.append(f"foreign_file at {home.tenant.slug}: {len(file.read())} bytes")
        except NotFoundError:
            return


def task(stage: Stage, home: Furnished, other: Furnished) -> None:
    with inside(home.tenant):
        greet.apply_async(queue=QUEUE)


def said(stage: Stage, home: Furnished, other: Furnished) -> None:
    with inside(home.tenant):
        emit("test.said", {"canary": home.canary})


def reset_mail(stage: Stage, home: Furnished, other: Furnished) -> None:
    address = f"10.{random.randrange(250)}.{random.randrange(250)}.1"  # noqa: S311
    with inside(home.tenant):
        ask_for_reset("analyst@example.com", address=address)


def review(stage: Stage, home: Furnished, other: Furnished) -> None:
    # Words of its own each time: a question that was asked before is answered from memory.
    content = write_up(f"{home.canary} in case {next(CASES)}")
    with inside(home.tenant):
        document = upload_document(
            home.people["analyst"],
            file_name=f"{home.canary}.docx",
            content=io.BytesIO(content),
            size_bytes=len(content),
        )
        job = latest_job(document.id)
        assert job is not None
        state = run_inline(job.id).state
        if state != "completed":
            stage.leaks.append(f"review at {home.tenant.slug}: {state}")


DEEDS: dict[str, Callable[[Stage, Furnished, Furnished], None]] = {
    deed.__name__: deed
    for deed in (
        me_by_cookie, me_by_key, equal_person, own_document, foreign_document, foreign_cookie, foreign_key, stream, page,
        export, cached, own_file, foreign_file, task, said, reset_mail, review,
    )
}  # fmt: skip


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[BedrockWire]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    bedrock._client.cache_clear()
    with bedrock_wire() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url)
        settings.LLM_MODELS = ("bedrock:some.model-v1:0",)
        yield server
    bedrock._client.cache_clear()


@pytest.fixture
def stage(committed_tenants: tuple[TenantRef, TenantRef], settings: Any, wire: BedrockWire, tmp_path: Path) -> Stage:
    settings.API_CALLS_PER_MINUTE = settings.API_RUNS_PER_MINUTE = 10_000_000
    settings.API_CALLS_PER_KEY_PER_MINUTE = settings.API_CALLS_PER_ORGANIZATION_PER_MINUTE = 10_000_000
    options = {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], **options}}
    tenants = [*committed_tenants, *(provision_tenant(slug, name=slug) for slug in NEW_TENANTS)]
    for tenant in tenants[2:]:
        _people_with_equal_ids(tenant)
    homes = [furnish(tenant) for tenant in tenants]
    cookies, files, exports = {}, {}, {}
    for home in homes:
        slug = home.tenant.slug
        cookies[slug] = home.browser("org_admin").cookies[django_settings.SESSION_COOKIE_NAME].value
        with inside(home.tenant):
            files[slug] = Version.objects.get(document_id=home.document_id).stored_key
            exports[slug] = str(Export.objects.get().pk)
    connection.close()
    return Stage(homes, cookies, files, exports)


def _people_with_equal_ids(tenant: TenantRef) -> None:
    """As in the cast: whoever asks for the wrong organization's person finds one."""
    assert tenant.id != TENANT_A
    for number, role in enumerate(("viewer", "analyst", "team_lead", "org_admin"), start=1):
        with inside(tenant):
            person = User(id=UUID(int=EQUAL_PERSON.int - 2 + number), email=f"{role}@example.com", name=role, role=role)
            person.set_unusable_password()
            person.save()


def plan() -> list[tuple[str, int, int]]:
    """Which operation where, with which neighbour: the same in every run."""
    chance = random.Random(SEED)  # noqa: S311
    kinds = chance.choices(list(MIX), weights=list(MIX.values()), k=OPERATIONS)
    # However short the run, every kind is in it.
    kinds[: len(MIX)] = list(MIX)
    count = 2 + len(NEW_TENANTS)
    return [
        (kind, (home := chance.randrange(count)), (home + 1 + chance.randrange(count - 1)) % count) for kind in kinds
    ]


def run_all(stage: Stage) -> None:
    def run(step: tuple[str, int, int]) -> None:
        kind, home, other = step
        try:
            DEEDS[kind](stage, stage.homes[home], stage.homes[other])
            with stage.lock:
                stage.done[kind] += 1
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(run, plan(), chunksize=20):
            pass


def judge_commands(stage: Stage, seen: list[str]) -> list[str]:
    """Commands of Valkey with a canary under a key that does not name the canary's own organization, or with a key of nobody."""
    ids = {home.canary: str(home.tenant.id) for home in stage.homes}
    wrong = []
    for command in seen:
        canaries = set(CANARY.findall(command))
        wrong += [command[:200] for canary in canaries if ids[canary] not in command or len(canaries) > 1]
        key = command.split(" ", 2)[1] if " " in command else ""
        is_ours = any(tenant_id in key for tenant_id in ids.values())
        if command.split(" ", 1)[0].upper() in {"SET", "GET", "INCR", "DECR", "SETEX", "DEL", "EXPIRE"} and not is_ours:
            wrong += (
                [] if key.startswith(NOBODYS_KEYS) or ".celery.pidbox" in key else [f"a key of nobody: {command[:200]}"]
            )
    return wrong


def test_no_canary_is_seen_anywhere_but_at_home(stage: Stage, wire: BedrockWire, tmp_path: Path) -> None:
    GREETED.clear()
    mail.outbox.clear()
    wire.calls.clear()
    with watched(django_settings.VALKEY_URL) as commands, logged() as log, a_worker(), sockets(stage) as frames:
        run_all(stage)
        wait_for_the_worker(lambda: len(GREETED) == stage.done["task"])
    homes = {home.tenant.slug: home for home in stage.homes}
    for slug, name in GREETED:
        stage.look("task", homes[slug], name)
    for slug, received in frames.items():
        stage.look("socket", homes[slug], " ".join(received))
    for message in mail.outbox:
        slug = re.search(r"http://([a-z]+)\.localhost", str(message.body)).group(1)  # type: ignore[union-attr]
        stage.look("mail", homes[slug], f"{message.subject} {message.body} {message.alternatives} {message.to}")
    for asked in wire.calls:
        canaries = set(CANARY.findall(str(asked.body)))
        assert len(canaries) == 1, "a prompt holds the words of one organization"
    assert stage.leaks == []
    assert judge_commands(stage, commands.seen) == []
    assert [line for line in log.lines if CANARY.search(line)] == [], "what people write is not logged"
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert path.relative_to(tmp_path).parts[1] in {str(home.tenant.id) for home in stage.homes}
            assert not CANARY.search(path.read_bytes().decode("latin-1"))

    # How much really happened: a run that did nothing would find nothing.
    assert sum(stage.done.values()) == OPERATIONS
    assert set(stage.done) == set(MIX)
    assert len(GREETED) == stage.done["task"]
    homely = ("me_by_cookie", "me_by_key", "equal_person", "own_document", "cached", "own_file", "page")
    for kind in homely:
        assert stage.at_home[kind] == stage.done[kind], kind
    assert stage.at_home["task"] == stage.done["task"]
    assert stage.at_home["socket"] == len({home for kind, home, _ in plan() if kind == "said"})
    assert stage.at_home["mail"] == len(mail.outbox) > 0
    assert wire.calls
    assert any("BRPOP" in command or "LPUSH" in command for command in commands.seen)
