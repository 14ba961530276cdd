"""A hard limit on how long a call may keep its caller waiting, whatever the network does."""

import contextvars
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from apps.kernel.errors import DomainError

T = TypeVar("T")


def answer_within(seconds: float, call: Callable[[], T]) -> T:
    """Return what call() returns or raise what it raises; TimeoutError when that takes longer than `seconds`.

    A call that is given up runs on in a daemon thread until its own socket times out: a read timeout counts from byte to byte,
    so a peer that sends one byte a second would otherwise hold the caller for hours.
    """
    future: Future[T] = Future()
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(_settle, future, call), name="model-call", daemon=True).start()
    return future.result(timeout=max(seconds, 0.0))


def _settle(future: Future[T], call: Callable[[], T]) -> None:
    try:
        future.set_result(call())
    except DomainError as error:
        future.set_exception(error)
    finally:
        if not future.done():
            future.set_exception(sys.exc_info()[1] or RuntimeError("the call ended without an answer"))
