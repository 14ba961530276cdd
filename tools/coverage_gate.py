"""Holds what the last whole `make test` covered to the project's limits, if it was a test of this code.

`--note` writes down which code was measured; without it the limits are checked. A measurement of other code says nothing about this
one, so it is not judged: the next whole test run measures again, and CI always does.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".coverage"
NOTE = ROOT / ".covered_code"

LEAST_BRANCHES = 0.90
WHOLLY_COVERED = ("apps/kernel/tenancy/", "/policies.py")


def main() -> int:
    """Exit status 1 when a limit is missed."""
    if "--note" in sys.argv:
        NOTE.write_text(_digest(), encoding="utf-8")
        return 0
    if not DATA.exists() or not NOTE.exists() or NOTE.read_text(encoding="utf-8") != _digest():
        print("coverage: not measured for this code yet; a whole `make test` measures it")
        return 0
    measured = _measured()
    totals = measured["totals"]
    share = totals["covered_branches"] / totals["num_branches"]
    faults = (
        [] if share >= LEAST_BRANCHES else [f"branches covered: {share:.1%}, at least {LEAST_BRANCHES:.0%} are wanted"]
    )
    faults += [
        f"{name}: lines {file['missing_lines']}, branches {file['missing_branches']} are not covered"
        for name, file in measured["files"].items()
        if any(part in f"/{name}" for part in WHOLLY_COVERED) and (file["missing_lines"] or file["missing_branches"])
    ]
    print(
        f"coverage: {share:.1%} of {totals['num_branches']} branches, {totals['percent_covered']:.1f} % of lines and branches"
    )
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


def _measured() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(report)], cwd=ROOT, check=True)
        measured: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return measured


def _digest() -> str:
    """Changes with every line of the product and its tests."""
    digest = hashlib.sha256()
    for folder in ("apps", "config", "tests", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".yaml", ".md"} and path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
