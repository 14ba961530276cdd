"""The roles of the Procfile as processes: started, ended with the supervisor whatever kills it, started again when they die."""

import os
import shlex
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from honcho.environ import parse_procfile

from tools.stack.errors import StackError
from tools.stack.places import ROOT
from tools.stack.processes import ProcessRecord, end_all, end_with_parent, record_of

# A role that dies this soon has not worked; three such deaths in a row are a fault that starting again will not mend.
SHORT_LIFE_S = 10
_MOST_SHORT_LIVES = 3


@dataclass(slots=True)
class Role:
    """One line of the Procfile and the process that plays it."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    record: ProcessRecord | None = None
    _started: float = field(default=0.0)
    _short_lives: int = field(default=0)

    def start(self, environment: Mapping[str, str]) -> int:
        """Start the process; returns the file descriptor of its output."""
        # A session of its own, so that Ctrl-C reaches the supervisor alone and the order of ending is ours.
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=end_with_parent,  # noqa: PLW1509  (no threads here)
        )  # fmt: skip
        self._started = time.monotonic()
        self.record = record_of(self.process.pid, name=self.name)
        assert self.process.stdout is not None  # noqa: S101  (asked for above)
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.stdout.fileno()

    def clear_away(self) -> None:
        """End what the dead process left behind, and close its output."""
        if self.record is not None:
            end_all([self.record], patience_s=1)
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def exit_code(self) -> int | None:
        """The process's exit code, or None while it runs."""
        return self.process.poll() if self.process else None

    def note_death(self) -> None:
        """Count a death; StackError when the role keeps dying at once."""
        lived_s = time.monotonic() - self._started
        self._short_lives = self._short_lives + 1 if lived_s < SHORT_LIFE_S else 0
        if self._short_lives >= _MOST_SHORT_LIVES:
            message = f"{self.name} ends again and again with code {self.exit_code()}; what it said stands above."
            raise StackError(message)


def roles_in(procfile: Path, environment: Mapping[str, str]) -> list[Role]:
    """One role a line; $NAME and ${NAME} are taken from the environment. No shell runs, so a role's process is the role itself."""
    lines: Mapping[str, str] = parse_procfile(procfile.read_text(encoding="utf-8")).processes
    try:
        return [Role(name, shlex.split(Template(line).substitute(environment))) for name, line in lines.items()]
    except KeyError as error:
        message = f"The Procfile uses {error.args[0]}, which is not set."
        raise StackError(message) from error
