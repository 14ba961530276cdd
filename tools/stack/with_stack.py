"""Run a management command on the embedded servers: starts what is needed, ends what nobody else needs, and is quiet itself.

`python -m tools.stack.with_stack --from FOLDER COMMAND …` takes the command's paths from FOLDER.
"""

import io
import os
import signal
import sys
from types import FrameType

from tools.stack import servers


def main(arguments: list[str]) -> int:
    """The command's exit status; what it has to complain of is one line on standard error."""
    # SIGINT too: a shell starts what it puts into the background with that one ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    # The result is what was asked for; a log line beside it would spoil a pipe.
    os.environ.setdefault("PRISM_LOG_LEVEL", "ERROR")
    try:
        with servers.in_use():
            return _run(arguments)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1


def _run(arguments: list[str]) -> int:
    # Only now: the settings read where the servers listen.
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    try:
        call_command("seed_demo", "--migrate", "--bare", stderr=io.StringIO())
        if arguments[0] == "--from":
            os.chdir(arguments[1])
            arguments = arguments[2:]
        call_command(*arguments)
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.returncode
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
