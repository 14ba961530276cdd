"""Runs commands of the product in processes of their own, on this test's database."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PRISM_TEST_DATABASE": str(settings.DATABASES["default"]["NAME"]),
        "PRISM_TEST_FILES": str(settings.STORAGES["default"]["OPTIONS"]["location"]),
        "PYTHONWARNINGS": "ignore",
    }


def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py …`, to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def killed_at(deed: str, points: dict[str, int]) -> dict[str, str]:
    """Run the deed on each slug in a process that dies before its n-th statement; how each ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.tenants.killed", deed, *(f"{slug}:{number}" for slug, number in points.items())],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(line.split() for line in done.stdout.splitlines())
