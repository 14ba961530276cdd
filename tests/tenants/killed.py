"""Runs one deed of the control plane and dies by kill -9 just before its n-th statement: `python -m tests.tenants.killed`.

Arguments: the deed, then pairs `slug:n`. Each pair gets a process of its own; with 0 it is not killed. Prints one line a pair: `slug killed` or `slug finished`.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django


class DiesAt:
    """An execute wrapper that kills its process before the n-th statement."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def deed(name: str, slug: str) -> None:
    from django.core.management import call_command

    if name == "provision":
        call_command("provision_tenant", slug, admin_email="ada@example.org")
    elif name == "delete":
        call_command("delete_tenant", slug, confirm=slug)
    else:
        call_command("migrate_tenants")


def main() -> None:
    django.setup()
    from django.db import connection

    name, *pairs = sys.argv[1:]
    for pair in pairs:
        slug, _, number = pair.partition(":")
        child = os.fork()
        if not child:
            sys.stdout = sys.stderr
            with connection.execute_wrapper(DiesAt(int(number))):
                deed(name, slug)
            connection.close()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ending = "killed" if os.WIFSIGNALED(status) else "finished" if status == 0 else "failed"
        sys.stdout.write(f"{slug} {ending}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
