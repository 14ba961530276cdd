"""Run every benchmark of this folder, print the table, and record it where asked."""

import importlib
import pkgutil
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import benchmarks

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "docs" / "benchmarks.md"
_START, _END = "<!-- figures -->", "<!-- end of figures -->"

Row = tuple[str, float, str, float | None, str]


def main() -> int:
    """Measure and print."""
    rows: list[Row] = []
    names = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name.startswith("bench_")
    )
    for name in names:
        rows += importlib.import_module(f"benchmarks.{name}").run()
    table = _table(rows)
    print(table)
    if "--write" in sys.argv:
        text = RECORD.read_text(encoding="utf-8")
        head, tail = text.split(_START)[0], text.split(_END)[1]
        when = f"Measured {datetime.now(UTC):%Y-%m-%d} on {platform.machine()}, Python {platform.python_version()}."
        RECORD.write_text(f"{head}{_START}\n{when}\n\n{table}\n{_END}{tail}", encoding="utf-8")
    return 0


def _table(rows: list[Row]) -> str:
    lines = ["| what | value | ratio | yardstick |", "|---|---|---|---|"]
    for name, value, unit, ratio, yardstick in rows:
        shown = f"{ratio:.2f}" if ratio is not None else "–"
        lines.append(f"| {name} | {value:.4g} {unit} | {shown} | {yardstick} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
