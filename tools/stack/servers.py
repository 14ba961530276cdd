"""Both embedded servers, or none where the environment names others."""

import os

from tools.stack import postgres, valkey


def start() -> list[str]:
    """Start what is not given by DATABASE_URL and VALKEY_URL; the names of what this call started."""
    started = []
    if not os.environ.get("DATABASE_URL") and postgres.start():
        started.append("postgres")
    if not os.environ.get("VALKEY_URL") and valkey.start():
        started.append("valkey")
    return started


def stop(names: list[str]) -> None:
    """End these."""
    if "valkey" in names:
        valkey.stop()
    if "postgres" in names:
        postgres.stop()
