"""Argon2id with the least work it allows: for tests only."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """One pass over 8 KiB."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
