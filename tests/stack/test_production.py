"""Production settings: one full environment starts; whatever is missing or unsafe in it is refused by name."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.stack.installation import ROOT

pytestmark = pytest.mark.stack

FULL = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k3Jv-9sWq_2LxTzR8uYbN4cMdE7fGhPaQ1iOoV5wX0tZrUyS6B",
    "PRISM_STORAGE_KEY": "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d",
    "DATABASE_URL": "postgresql://prism:secret@db.example.org:5432/prism?sslmode=require",
    "VALKEY_URL": "rediss://:secret@valkey.example.org:6379/0",
    "PRISM_BASE_DOMAIN": "prism.example.org",
    "DEFAULT_FROM_EMAIL": "AI-Prism <no-reply@prism.example.org>",
    "EMAIL_HOST": "mail.example.org",
}
KMS = {"PRISM_KEY_PROVIDER": "apps.kernel.storage.kms.KmsKeyProvider", "PRISM_STORAGE_KEY": ""}


def production(*arguments: str, change: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run Python with the full environment and nothing else of ours, changed as said."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=plain | FULL | dict(change or {}),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def load(change: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return production("-c", "import config.settings.production as s; print(s.DEBUG, s.PRISM_SCHEME)", change=change)


def test_the_full_environment_passes_djangos_deployment_check_without_a_warning() -> None:
    checked = production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_the_full_environment_loads_without_debugging_and_for_https() -> None:
    assert load().stdout == "False https\n"


def test_cookies_are_of_this_very_host_over_tls_alone() -> None:
    """No neighbour under the same domain can plant one whose name begins with `__Host-`: browsers then want Secure, Path=/, no Domain."""
    asked = (
        "import config.settings.production as s, json; print(json.dumps([[getattr(s, n + '_COOKIE_NAME'), "
        "getattr(s, n + '_COOKIE_SECURE', None), getattr(s, n + '_COOKIE_DOMAIN', None), getattr(s, n + '_COOKIE_PATH', '/')] "
        "for n in ('SESSION', 'CSRF')] + [[s.SSO_COOKIE_NAME, True, None, '/']]))"
    )
    cookies = json.loads(production("-c", asked).stdout)
    assert cookies == [
        ["__Host-session", True, None, "/"],
        ["__Host-csrf", True, None, "/"],
        ["__Host-sso", True, None, "/"],
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY (or SECRET_KEY_FILE) is required"),
        ({"SECRET_KEY": "short-but-varied-0123456789"}, "SECRET_KEY must be 50 or more random characters"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY must be 50 or more random characters"),
        ({"SECRET_KEY": "change-me-" + FULL["SECRET_KEY"]}, "SECRET_KEY must be 50 or more random characters"),
        ({"SECRET_KEY_FILE": "/nowhere"}, "SECRET_KEY_FILE names a file that cannot be read"),
        ({"PRISM_STORAGE_KEY": ""}, "PRISM_STORAGE_KEY (or PRISM_STORAGE_KEY_FILE) is required"),
        ({"PRISM_STORAGE_KEY": "0" * 64}, "PRISM_STORAGE_KEY must be 64 random hexadecimal digits"),
        ({"PRISM_STORAGE_KEY": FULL["PRISM_STORAGE_KEY"][:62]}, "PRISM_STORAGE_KEY must be 64"),
        ({"PRISM_STORAGE_KEY": "", "PRISM_KMS_KEY_ID": "alias/prism"}, "PRISM_STORAGE_KEY (or PRISM_STORAGE_KEY_FILE)"),
        (KMS, "PRISM_KMS_KEY_ID is required"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is required"),
        ({"VALKEY_URL": ""}, "VALKEY_URL is required"),
        ({"PRISM_BASE_DOMAIN": ""}, "PRISM_BASE_DOMAIN is required"),
        ({"DEFAULT_FROM_EMAIL": ""}, "DEFAULT_FROM_EMAIL is required"),
        ({"EMAIL_HOST": ""}, "EMAIL_HOST is required"),
        ({"PRISM_DEBUG": "true"}, "PRISM_DEBUG must not be set"),
        ({"PRISM_LLM_MODELS": "bedrock:some.model,scripted:demo"}, "must not name a scripted model"),
        ({"EMAIL_HOST_PASSWORD": "secret", "EMAIL_USE_TLS": "false"}, "EMAIL_USE_TLS must be true"),
        ({"SECURE_HSTS_SECONDS": "0"}, "SECURE_HSTS_SECONDS must be more than 0"),
        ({"PRISM_OUTBOUND_ALLOWED": "127.0.0.1:8080"}, "PRISM_OUTBOUND_ALLOWED must not be set"),
        ({"PRISM_HOST_ANSWERS_KEPT_S": "60"}, "PRISM_HOST_ANSWERS_KEPT_S must be less than 5"),
        ({"PRISM_HOST_ANSWERS_KEPT_S": "-1"}, "PRISM_HOST_ANSWERS_KEPT_S must be less than 5"),
        ({"PRISM_HOST_ANSWERS_KEPT_S": "soon"}, "PRISM_HOST_ANSWERS_KEPT_S must be a number"),
        ({"PRISM_BEHIND_PROXY": "perhaps"}, "PRISM_BEHIND_PROXY must be one of true, false"),
        ({"UPLOAD_MAX_BYTES": "ten"}, "UPLOAD_MAX_BYTES must be a whole number"),
    ],
)  # fmt: skip
def test_what_is_missing_or_unsafe_is_refused_by_name(change: dict[str, str], complaint: str) -> None:
    refused = load(change)
    assert refused.returncode != 0
    last = refused.stderr.strip().splitlines()[-1]
    assert last.startswith("config.env.SettingError: ")
    assert complaint in last
    secrets = [FULL["SECRET_KEY"], FULL["PRISM_STORAGE_KEY"][:62]]
    assert not any(secret in refused.stderr for secret in secrets), "a complaint must not tell a secret"


@pytest.mark.parametrize(
    "change",
    [
        KMS | {"PRISM_KMS_KEY_ID": "alias/prism"},
        {"PRISM_LLM_MODELS": "bedrock:some.model"},
        {"PRISM_DEBUG": "false"},
        {"EMAIL_USE_TLS": "false"},
        {"SECURE_HSTS_SECONDS": "300", "PRISM_HOST_ANSWERS_KEPT_S": "0"},
    ],
)
def test_what_is_safe_is_not_refused(change: dict[str, str]) -> None:
    loaded = load(change)
    assert loaded.returncode == 0, loaded.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    place = tmp_path / "key"
    place.write_text(FULL["SECRET_KEY"] + "\n", encoding="utf-8")
    loaded = load({"SECRET_KEY": "", "SECRET_KEY_FILE": str(place)})
    assert loaded.returncode == 0, loaded.stderr


def test_tls_to_the_database_is_asked_for_as_the_address_says() -> None:
    code = "import config.settings.production as s; print(s.DATABASES['default']['OPTIONS']['sslmode'], s.DATABASES['default']['HOST'])"
    assert production("-c", code).stdout == "require db.example.org\n"


REGIONS = """
import django; django.setup()
from django.core.files.storage import default_storage
from apps.kernel.llm import bedrock
from apps.kernel.storage import kms
clients = default_storage.connection.meta.client, kms._client(), bedrock._client(bedrock.from_settings("some.model")._settings)
print(*(client.meta.region_name for client in clients))
"""


@pytest.mark.parametrize(
    ("change", "regions"),
    [
        ({"AWS_REGION": "eu-central-1"}, "eu-central-1 eu-central-1 eu-central-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1 eu-west-1 eu-west-1"),
        (
            {"AWS_REGION": "eu-central-1", "PRISM_LLM_BEDROCK_REGION": "us-east-1"},
            "eu-central-1 eu-central-1 us-east-1",
        ),
    ],
)
def test_every_service_of_aws_is_asked_in_the_region_that_is_named(change: dict[str, str], regions: str) -> None:
    asked = production("-c", REGIONS, change={"PRISM_S3_BUCKET": "originals", **change})
    assert asked.stdout.strip() == regions, asked.stderr


def test_the_check_of_migrations_needs_no_database_and_says_nothing_of_one() -> None:
    checked = production(
        "manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
        change={"DJANGO_SETTINGS_MODULE": "config.settings.offline"},
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "No changes detected\n", "")
