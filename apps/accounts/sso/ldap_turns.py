"""How many may wait for directories at once: one that does not answer must not take the threads that answer everybody else's pages."""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from apps.accounts.sso.ldap_errors import LDAPFaultError

MOST_EACH = 3
MOST_ALL = 6
WAIT_S = 1.0


class Turns:
    """Turns of this process: so many for one directory, and so many for all of them together."""

    def __init__(self, *, most_each: int = MOST_EACH, most_all: int = MOST_ALL, wait_s: float = WAIT_S) -> None:
        self._most_each, self._most_all, self._wait_s = most_each, most_all, wait_s
        self._taken: Counter[Hashable] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        """Have a turn at this directory; LDAPFaultError "crowded" when there is none for a second."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_free(key), timeout=self._wait_s):
                raise LDAPFaultError("crowded")
            self._taken[key] += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken[key] -= 1
                self._taken += Counter()  # what is at nought is forgotten
                self._changed.notify_all()

    def _is_free(self, key: Hashable) -> bool:
        return self._taken[key] < self._most_each and self._taken.total() < self._most_all
