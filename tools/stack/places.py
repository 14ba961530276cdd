"""Where the embedded stack keeps what it needs."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("PRISM_DATA_DIR") or ROOT / ".data").resolve()
POSTGRES = DATA / "postgres"
VALKEY = DATA / "valkey"
LOCK = DATA / "supervisor.lock"

# Where the embedded PostgreSQL keeps its own lock; it looks when it is imported.
_RUN = DATA / "run"
_RUN.mkdir(parents=True, exist_ok=True)
_RUN.chmod(0o700)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_RUN))
