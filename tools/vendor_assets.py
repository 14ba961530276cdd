"""Vendors the front end's third-party files from npm packages, and keeps their version, licence and checksum on record.

Run after changing a version here. With --check it only compares the files with the record.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "static" / "js" / "vendor"
RECORD = VENDOR / "VERSIONS.json"

# package, version, {file in the package: name here}; each with the words of its licence, which must go wherever the file goes.
WANTED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("htmx.org", "2.0.10", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "htmx.LICENSE.txt"}),
    ("@tabler/core", "1.6.1", {"dist/css/tabler.min.css": "tabler.min.css"}),
    # Tabler's style sheet is built on it.
    ("bootstrap", "5.3.8", {"LICENSE": "bootstrap.LICENSE.txt"}),
)
# The package names its licence and leaves the words out; these are kept by hand.
BY_HAND: tuple[tuple[str, str, str, str], ...] = (("tabler.LICENSE.txt", "@tabler/core", "1.6.1", "MIT"),)


def main() -> int:
    """Vendor, or check."""
    if "--check" in sys.argv:
        return _check()
    record = [entry for package, version, files in WANTED for entry in _vendored(package, version, files)]
    record += [
        _entry(name, package, version, licence, (VENDOR / name).read_bytes())
        for name, package, version, licence in BY_HAND
    ]
    RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{len(record)} files vendored")
    return 0


def _vendored(package: str, version: str, files: dict[str, str]) -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", f"{package}@{version}", "--silent"],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        content = (Path(folder) / packed.stdout.strip().splitlines()[-1]).read_bytes()
    record = []
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        licence = json.loads(_member(archive, "package/package.json"))["license"]
        for inside, name in files.items():
            data = _without_source_map(_member(archive, f"package/{inside}"))
            (VENDOR / name).write_bytes(data)
            record.append(_entry(name, package, version, licence, data))
    return record


def _entry(name: str, package: str, version: str, licence: str, data: bytes) -> dict[str, str]:
    digest = hashlib.sha256(data).hexdigest()
    return {"file": name, "package": package, "version": version, "licence": licence, "sha256": digest}


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        message = f"{name} is not in the package"
        raise FileNotFoundError(message)
    return member.read()


def _without_source_map(data: bytes) -> bytes:
    """The map is not vendored, so the reference to it would be a broken link."""
    return b"\n".join(line for line in data.split(b"\n") if b"sourceMappingURL=" not in line) + b"\n"


def _check() -> int:
    entries = json.loads(RECORD.read_text(encoding="utf-8"))
    recorded = {entry["file"]: entry["sha256"] for entry in entries}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != RECORD.name
    }
    wrong = sorted(name for name in {*recorded, *found} if recorded.get(name) != found.get(name))
    print("vendored files differ from the record: " + ", ".join(wrong) if wrong else "vendored files are as recorded")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
