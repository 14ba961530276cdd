"""Keys of everything that tenants share a server for: cache entries and channel groups. Each names its tenant."""

import hashlib

from apps.kernel.tenancy.context import current_tenant, tenant_or_none

_CONTROL_PLANE = "platform:"


class UnscopedKeyError(ValueError):
    """A cache key was used that names no tenant, or another one than the code works for."""


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
    """Django's KEY_FUNCTION: refuses a key that names no tenant or a foreign one: a mistake fails instead of being shared."""
    tenant = tenant_or_none()
    is_own = tenant is not None and key.startswith(f"t:{tenant.id}:")
    if not is_own and not key.startswith(_CONTROL_PLANE):
        message = "cache keys are made by tenant_key() or control_plane_key()"
        raise UnscopedKeyError(message)
    return f"{key_prefix}{version}:{key}"
