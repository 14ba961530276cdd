"""The hashing of tests, which counts: how much work a sign-in is may say as much as its answer."""

from typing import Any, ClassVar

from config.settings.test_hashing import QuickArgon2PasswordHasher


class CountedHasher(QuickArgon2PasswordHasher):
    """Counts the times that Argon2 is computed, to make a hash or to check one."""

    computed: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        """Make one."""
        type(self).computed += 1
        made: str = super().encode(password, salt)
        return made

    def verify(self, password: str, encoded: str) -> bool:
        """Check one."""
        type(self).computed += 1
        return bool(super().verify(password, encoded))


def computed_by(deed: Any) -> tuple[int, Any]:
    """How often Argon2 was computed for this, and what came of it."""
    before = CountedHasher.computed
    result = deed()
    return CountedHasher.computed - before, result
