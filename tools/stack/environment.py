"""The environment that every process of the stack gets: this one's, completed by .env."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho.environ import parse as parse_env_file

from tools.stack.errors import StackError
from tools.stack.places import ROOT, places_for

DEFAULT_PORT = 8000


def stack_environment(base: Mapping[str, str] | None = None, *, env_file: Path = ROOT / ".env") -> dict[str, str]:
    """What is set already wins over the file, as everywhere."""
    environment = dict(os.environ if base is None else base)
    if env_file.is_file():
        for name, value in parse_env_file(env_file.read_text(encoding="utf-8")).items():
            environment.setdefault(name, value)
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    environment["PRISM_DATA_DIR"] = str(places_for(environment).data)
    environment["PRISM_PORT"] = environment["PORT"] = str(port_in(environment))
    environment["PYTHONUNBUFFERED"] = "1"
    # The Procfile names programs of this very installation.
    environment["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), environment.get("PATH", os.defpath)))
    return environment


def port_in(environment: Mapping[str, str]) -> int:
    """PRISM_PORT as a number; StackError when it is none."""
    value = environment.get("PRISM_PORT") or str(DEFAULT_PORT)
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        message = f"PRISM_PORT is {value!r}; it must be a number from 1 to 65535."
        raise StackError(message)
    return int(value)
