"""Run every benchmark of this folder (or those named), print the table, and record it where asked.

`python -m benchmarks [--short] [--write] [name …]`; each runs in a process of its own, so that none warms another's caches.
"""

import importlib
import json
import os
import pkgutil
import platform
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import benchmarks
from benchmarks import Figure
from benchmarks.stage import servers_kept

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "docs" / "benchmarks.md"
_START, _END = "<!-- figures -->", "<!-- end of figures -->"
_ONE = "--one"
_MARK = "figures:"


def main() -> int:
    """Measure and print; 1 when a benchmark broke."""
    # A run that is told to end ends as by Ctrl-C: what it started is put away. A shell starts its background with SIGINT ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    if _ONE in sys.argv:
        rows = importlib.import_module(f"benchmarks.{sys.argv[sys.argv.index(_ONE) + 1]}").run()
        print(_MARK + json.dumps(rows))
        return 0
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    known = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name.startswith("bench_")
    )
    chosen = [f"bench_{name}" for name in names] or known
    figures: list[Figure] = []
    broken = []
    with servers_kept():
        for name in chosen:
            found = _measured(name)
            broken += [] if found is not None else [name]
            figures += found or []
    table = _table(figures)
    print(table)
    if "--write" in sys.argv and not broken:
        _record(table)
    for name in broken:
        print(f"{name} did not finish", file=sys.stderr)
    return 1 if broken else 0


def _measured(name: str) -> list[Figure] | None:
    flags = ["--short"] if benchmarks.SHORT else []
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "PRISM_LOG_LEVEL": "ERROR"}
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks", _ONE, name, *flags],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as measuring:
        try:
            said = measuring.communicate()[0]
        except KeyboardInterrupt:
            measuring.terminate()
            measuring.wait()
            raise
    lines = [line for line in said.splitlines() if line.startswith(_MARK)]
    if measuring.returncode or not lines:
        return None
    return [tuple(row) for row in json.loads(lines[-1].removeprefix(_MARK))]


def _record(table: str) -> None:
    text = RECORD.read_text(encoding="utf-8")
    head, tail = text.split(_START)[0], text.split(_END)[1]
    when = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {platform.machine()} with {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; database, Valkey and load generator on the same cores."
    )
    RECORD.write_text(f"{head}{_START}\n{when}\n\n{table}\n{_END}{tail}", encoding="utf-8")


def _table(rows: list[Figure]) -> str:
    lines = ["| what | value | ratio | yardstick |", "|---|---|---|---|"]
    for name, value, unit, ratio, yardstick in rows:
        shown = f"{ratio:.2f}" if ratio is not None else "–"
        lines.append(f"| {name} | {value:.4g} {unit} | {shown} | {yardstick} |")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
