"""Names of tenants' schemas: random, never made from a person's text."""

import secrets

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def new_schema_name() -> str:
    """A schema name with 100 random bits."""
    return "t_" + "".join(secrets.choice(_ALPHABET) for _ in range(20))
