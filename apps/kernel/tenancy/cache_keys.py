"""Keys of everything that tenants share a server for: cache entries and channel groups. Each names its tenant."""

import hashlib

from apps.kernel.tenancy.context import current_tenant

_CONTROL_PLANE = "platform:"


class UnscopedKeyError(ValueError):
    """A cache key without a tenant was used."""


def tenant_key(*parts: object) -> str:
    """A cache key of the current tenant: `t:<tenant id>:part:part`; NoTenantError without one."""
    return ":".join(["t", str(current_tenant().id), *map(str, parts)])


def control_plane_key(*parts: object) -> str:
    """A cache key of the control plane; it must never hold a tenant's data."""
    return _CONTROL_PLANE + ":".join(map(str, parts))


def group_name(*parts: object) -> str:
    """A channel group of the current tenant. Short enough and plain enough for Channels (under 100 of [a-zA-Z0-9-_.])."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:32]
    return f"t.{current_tenant().id}.{digest}"


def checked_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: refuses a key that names no tenant, so that a forgotten one fails instead of being shared."""
    if not key.startswith(("t:", _CONTROL_PLANE)):
        message = "cache keys are made by tenant_key() or control_plane_key()"
        raise UnscopedKeyError(message)
    return f"{key_prefix}{version}:{key}"
