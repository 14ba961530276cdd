"""What the supervisor shows: lines with the speaker's name, and one box with all that is needed to begin."""

import sys
from collections.abc import Sequence
from typing import IO

from tools.stack.prepare import SignIns

_COLOURS = {"web": 36, "worker": 32, "beat": 35, "stack": 33}
_WIDTH = 6


class Screen:
    """Writes to a terminal in colour, to a file without; a reader that has gone away is no reason to stop."""

    def __init__(self, out: IO[str] = sys.stdout) -> None:
        """Write to out."""
        self._out = out
        self._colourful = out.isatty()
        self._partial: dict[str, bytes] = {}

    def say(self, text: str, *, speaker: str = "stack") -> None:
        """Each line of the text behind the speaker's name."""
        name = speaker.ljust(_WIDTH)
        if self._colourful:
            name = f"\033[{_COLOURS.get(speaker, 34)}m{name}\033[0m"
        self._write("".join(f"{name} | {line}\n" for line in text.splitlines()))

    def hear(self, speaker: str, data: bytes) -> None:
        """Take a piece of a process's output; whole lines are shown, the rest waits for its end."""
        *lines, rest = (self._partial.get(speaker, b"") + data).split(b"\n")
        self._partial[speaker] = rest
        if lines:
            self.say(b"\n".join(lines).decode(errors="replace"), speaker=speaker)

    def box(self, lines: Sequence[str]) -> None:
        """The lines in a frame."""
        width = max(len(line) for line in lines)
        rule = "─" * (width + 2)
        body = "".join(f"│ {line.ljust(width)} │\n" for line in lines)
        self._write(f"\n┌{rule}┐\n{body}└{rule}┘\n\n")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (BrokenPipeError, ValueError):
            return
        except UnicodeEncodeError:
            self._out.write(text.encode("ascii", "replace").decode("ascii"))


def welcome(known: SignIns, *, seconds: float) -> list[str]:
    """The box: where to go, who to be, how to stop."""
    people = [(person["email"], person["role"].replace("_", " ")) for person in known["people"]]
    return [
        f"AI-Prism is ready ({seconds:.0f} s)",
        "",
        f"Portal    {known['url']}",
        *(f"          {email:<28} {role}" for email, role in people),
        f"Platform  {known['platform_url']}",
        f"          {known['operator']:<28} system admin",
        f"Password  {known['password']}   (everyone's; this demo is for this machine alone)",
        "",
        "Ctrl-C stops everything. Your data stays in place for the next start.",
    ]
