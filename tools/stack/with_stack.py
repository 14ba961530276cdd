"""Run a management command on the embedded servers; starts what is needed, ends what it started, and is quiet itself."""

import subprocess
import sys

from tools.stack import servers
from tools.stack.places import ROOT


def main(arguments: list[str]) -> int:
    """The command's exit status."""
    started = servers.start()
    try:
        for command in (["migrate_tenants"], ["seed_demo", "--bare"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False).returncode
    finally:
        servers.stop(started)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
