"""The image's roles, played here without an image: production settings, the entry point, real servers."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from websockets.sync.client import connect

from tests.contracts.sources import tracked
from tests.stack.installation import ROOT, eventually, free_port, installation, processes_of, run
from tests.stack.test_deploy_files import copied_into_the_image
from tests.stack.test_production import FULL

pytestmark = pytest.mark.stack

HOST = "acme.prism.example.org"
SIGN_IN = """
import django; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.kernel.tenancy.context import inside, tenant_by_slug
with inside(tenant_by_slug("acme")):
    ada = User(email="ada@example.org", name="Ada", role=RoleName.ANALYST)
    ada.set_password("a long enough password")
    ada.save()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(ada.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = ada.get_session_auth_hash()
    session.save()
    print(settings.SESSION_COOKIE_NAME, session.session_key)
"""
UPLOAD = """
import django; django.setup()
import io
from apps.accounts.models import User
from apps.documents.services.upload import upload_document
from apps.kernel.tenancy.context import inside, tenant_by_slug
content = b"Root Cause\\n\\nThe analyst made a mistake.\\n"
with inside(tenant_by_slug("acme")):
    upload_document(User.objects.get(), file_name="case.txt", content=io.BytesIO(content), size_bytes=len(content))
"""
STATE = """
import django; django.setup()
from apps.kernel.jobs.models import Job
from apps.kernel.tenancy.context import inside, tenant_by_slug
with inside(tenant_by_slug("acme")):
    print(Job.objects.get().state)
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    with installation(tmp_path) as folder:
        yield folder


@pytest.fixture
def production(data: Path) -> dict[str, str]:
    """A full production environment whose servers are embedded ones."""
    run(data, "from tools.stack import servers; servers.start()")
    plain = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    return plain | FULL | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PRISM_DATA_DIR": str(data),
        "DATABASE_URL": f"postgresql://postgres@/prism?host={data / 'postgres'}",
        "VALKEY_URL": (data / "valkey" / "url").read_text().strip(),
        "PRISM_WEB_THREADS": "2",
        "WEB_PROCESSES": "1",
        "WORKER_PROCESSES": "1",
        "JOBS_SWEEP_INTERVAL_S": "1",
    }  # fmt: skip


def once(environment: dict[str, str], *command: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout.strip()


@contextmanager
def role(name: str, environment: dict[str, str], *, folder: Path = ROOT) -> Iterator[int]:
    """The role, running on a port of its own, which SIGTERM must end cleanly."""
    port = free_port()
    process = subprocess.Popen(
        ["sh", str(ROOT / "deploy" / "entrypoint.sh"), name], cwd=folder, env=environment | {"PORT": str(port)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield port
        assert process.poll() is None, process.communicate()[0]
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0, said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def status(port: int, path: str, **headers: str) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.build_opener(_StayHere).open(request, timeout=5) as answer:
            return int(answer.status)
    except HTTPError as answer:
        return answer.code
    except (URLError, OSError):
        return 0


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:  # type: ignore[override]
        return None


def test_every_role_starts_does_its_work_and_ends_cleanly(data: Path, production: dict[str, str]) -> None:
    assert once(production, "sh", "deploy/entrypoint.sh", "migrate").endswith("2 schemas migrated")
    assert once(production, "sh", "deploy/entrypoint.sh", "provision_tenant", "acme") == "provisioned acme"
    cookie, key = once(production, sys.executable, "-c", SIGN_IN).split()
    assert cookie == "__Host-session"

    with role("web", production) as port:
        assert eventually(lambda: status(port, "/healthz") == 200, within_s=30)
        assert status(port, "/readyz") == 200
        assert status(port, "/", Host=HOST) == 301, "plain HTTP is sent to HTTPS"
        secure = {"Host": HOST, "X-Forwarded-Proto": "https", "Cookie": f"{cookie}={key}"}
        assert status(port, "/api/v2/documents/", **secure) == 200
        assert status(port, "/api/v2/documents/", **secure | {"Host": "beta.prism.example.org"}) == 404

    with role("realtime", production) as port:
        assert eventually(lambda: status(port, "/healthz") == 200, within_s=30)
        with connect(
            f"ws://{HOST}/ws/", sock=socket.create_connection(("127.0.0.1", port)), origin=f"https://{HOST}",
            additional_headers={"Cookie": f"{cookie}={key}"},
        ) as tab:  # fmt: skip
            tab.send('{"type": "resume", "last_seq": null}')
            assert re.search(r'"type": ?"ready"', str(tab.recv(timeout=10)))

    # The call for a worker finds no broker queue that anybody reads yet; the sweep that beat asks for calls again.
    once(production, sys.executable, "-c", UPLOAD)
    with role("beat", production), role("worker", production):
        assert eventually(lambda: once(production, sys.executable, "-c", STATE) == "completed", within_s=60)
    run(data, "from tools.stack import servers; servers.stop()")
    assert eventually(lambda: not processes_of(data), within_s=5), processes_of(data)


def test_a_role_does_not_start_on_an_unsafe_setting(production: dict[str, str]) -> None:
    unsafe = production | {"SECRET_KEY": ""}
    for name in ("migrate", "web", "worker"):
        ended = subprocess.run(
            ["sh", "deploy/entrypoint.sh", name], cwd=ROOT, env=unsafe | {"PORT": str(free_port())},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert ended.returncode != 0, name
        assert "SECRET_KEY (or SECRET_KEY_FILE) is required in production" in ended.stderr + ended.stdout


def page(port: int, path: str, **headers: str) -> tuple[str, str]:
    """The text of an answer that is a success, and how long it may be kept."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.build_opener(_StayHere).open(request, timeout=10) as answer:
        assert answer.status == 200
        return answer.read().decode(), answer.headers.get("Cache-Control", "")


def imported_by(scripts: set[str], read: Callable[[str], str]) -> set[str]:
    """The addresses of every module that these scripts import, and that those import in turn."""
    found: set[str] = set()
    waiting = set(scripts)
    while waiting:
        script = waiting.pop()
        imports = re.findall(r"^import\b[^\"';]*[\"'](\.[^\"']+)[\"'];", read(script), re.MULTILINE)
        new = {urllib.parse.urljoin(script, one) for one in imports} - found
        found |= new
        waiting |= new
    return found


def image(place: Path) -> set[Path]:
    """The files of the image's /app, laid out in this folder."""
    taken = [ROOT / path for path in copied_into_the_image()]
    for file in tracked():
        if any(file == one or file.is_relative_to(one) for one in taken):
            target = place / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
    return files_of(place)


def files_of(place: Path) -> set[Path]:
    return {file.relative_to(place) for file in place.rglob("*") if file.is_file()}


def test_what_the_image_holds_is_enough_for_pages_and_is_not_written_to(
    tmp_path: Path, production: dict[str, str]
) -> None:
    app = tmp_path / "app"
    copied = image(app)
    environment = production | {"PYTHONDONTWRITEBYTECODE": "1"}
    once(environment, sys.executable, "manage.py", "collectstatic", "--noinput", folder=app)
    held = files_of(app)
    assert {file.parts[0] for file in held - copied} == {"staticfiles"}
    once(environment, "sh", str(ROOT / "deploy" / "entrypoint.sh"), "migrate", folder=app)
    once(environment, "sh", str(ROOT / "deploy" / "entrypoint.sh"), "provision_tenant", "acme", folder=app)
    cookie, key = once(environment, sys.executable, "-c", SIGN_IN, folder=app).split()
    https = {"Host": HOST, "X-Forwarded-Proto": "https"}
    with role("web", environment, folder=app) as port:
        assert eventually(lambda: status(port, "/healthz") == 200, within_s=30)
        assert "Anmelden" in page(port, "/sign-in/", **https, **{"Accept-Language": "de"})[0]
        signed_in = https | {"Cookie": f"{cookie}={key}"}
        texts = [page(port, path, **signed_in)[0] for path in ("/", "/api/v2/docs/")]
        static = {address for text in texts for address in re.findall(r"[\"'](/static/[^\"']+)[\"']", text)}
        assert len(static) > 8
        modules = imported_by({one for one in static if one.endswith(".js")}, lambda path: page(port, path, **https)[0])
        assert len(modules) > 8
        static |= modules
        assert [address for address in static if not re.search(r"\.[0-9a-f]{12}\.\w+$", address)] == []
        assert all("immutable" in page(port, address, **https)[1] for address in static)
    assert files_of(app) == held, "the container's own file system is read-only"
