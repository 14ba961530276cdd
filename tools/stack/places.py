"""Where the embedded stack keeps what it needs."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("PRISM_DATA_DIR") or ROOT / ".data")
POSTGRES = DATA / "postgres"
VALKEY = DATA / "valkey"
LOCK = DATA / "supervisor.lock"
