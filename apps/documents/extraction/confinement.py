"""Shuts a process in before it touches an untrusted file: no network, no programs, no further files, little memory and time."""

import ctypes
import os
import resource
import signal
import struct
import sys
from typing import NamedTuple

MEMORY_BYTES = 512 * 1024 * 1024
CPU_S = 20
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SET_PDEATHSIG, _SET_SECCOMP, _SET_NO_NEW_PRIVS = 1, 22, 38
_FILTER_MODE = 2
# Instructions of the kernel's packet filter, and what they answer.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _ANSWER = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000
_X32 = 0x40000000


class Machine(NamedTuple):
    """The kernel's number for a processor, and of the calls that a reader has no use for."""

    audit_number: int
    calls: tuple[int, ...]


_MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        (
            *(41, 42, 43, 44, 46, 49, 50, 53, 288),  # sockets
            *(56, 57, 58, 59, 322, 435),  # new processes and programs
            *(2, 85, 257, 437, 303, 304),  # opening files
            *(82, 83, 84, 86, 87, 88, 263, 264, 265, 266, 316),  # renaming, linking, removing them
            *(62, 101, 200, 234, 310, 311, 424),  # touching other processes
            *(155, 161, 165, 166, 175, 246, 250, 272, 298, 308, 321, 323, 425),  # the system as a whole
        ),
    ),
    "aarch64": Machine(
        0xC00000B7,
        (
            *(198, 199, 200, 201, 202, 203, 206, 211, 242),
            *(220, 221, 281, 435),
            *(56, 437, 264, 265),
            *(34, 35, 36, 37, 38, 276),
            *(129, 130, 131, 117, 270, 271, 424),
            *(39, 40, 41, 51, 97, 104, 105, 219, 217, 241, 268, 280, 282, 425),
        ),
    ),
}
"""Numbers as in the kernel's unistd tables."""


def die_with(parent_pid: int) -> None:
    """End this process when its parent ends, however that ends; at once when it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent_pid:
            os._exit(1)


def confine(*, output_bytes: int) -> None:
    """Everything that this needs from the disk must have been imported before. The kernel's part holds native code too, where the
    system has it; the interpreter's part holds everywhere and cannot be taken off.
    """
    _cut_the_network()
    _limit_resources(output_bytes)
    sys.addaudithook(_refuse_sockets_and_programs)
    if sys.platform == "linux":
        _filter_calls()


def _limit_resources(output_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output_bytes, output_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if hasattr(resource, "RLIMIT_NPROC"):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _cut_the_network() -> None:
    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return
    if unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _filter_calls() -> None:
    """A seccomp filter: the listed calls are refused with EACCES, calls in another processor's numbers end the process."""
    machine = _MACHINES.get(os.uname().machine)
    if machine is None:
        return
    refused = [_step(_IF_EQUAL, len(machine.calls) - at, 0, call) for at, call in enumerate(machine.calls)]
    program = b"".join(
        [
            _step(_LOAD, 0, 0, 4),
            _step(_IF_EQUAL, 1, 0, machine.audit_number),
            _step(_ANSWER, 0, 0, _KILL),
            _step(_LOAD, 0, 0, 0),
            _step(_IF_AT_LEAST, len(refused) + 1, 0, _X32),
            *refused,
            _step(_ANSWER, 0, 0, _ALLOW),
            _step(_ANSWER, 0, 0, _REFUSE),
        ]
    )
    steps = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps)))
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.addressof(head), 0, 0)


def _step(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _refuse_sockets_and_programs(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")):
        raise PermissionError(event)
