"""System checks that refuse settings which were measured to mix tenants or to fall open."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from apps.kernel.tenancy.pooling_probe import is_pooled_by_transaction

_FIRST_OF_ITS_KIND = "apps.kernel.tenancy.middleware.TenantMiddleware"
_NEEDS_TENANT = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
)


@register(Tags.security)
def app_lists_are_disjoint(**_: Any) -> list[CheckMessage]:
    """A table in both schemas would be read from `public` whenever the tenant's is missing."""
    both = sorted(set(settings.SHARED_APPS) & set(settings.TENANT_APPS))
    if not both:
        return []
    return [Error(f"SHARED_APPS and TENANT_APPS both hold {', '.join(both)}", id="prism.E001")]


@register(Tags.security)
def tenant_is_known_before_people(**_: Any) -> list[CheckMessage]:
    """Sessions and users live in the tenant's schema, so the tenant must be entered before they are read."""
    order = list(settings.MIDDLEWARE)
    if _FIRST_OF_ITS_KIND not in order:
        return [Error("TenantMiddleware is missing", id="prism.E002")]
    place = order.index(_FIRST_OF_ITS_KIND)
    late = [name for name in _NEEDS_TENANT if name in order and order.index(name) < place]
    return [Error(f"{name} stands before TenantMiddleware", id="prism.E002") for name in late]


@register(Tags.security)
def connections_are_not_kept(**_: Any) -> list[CheckMessage]:
    """Kept connections are one a thread under the socket server, until PostgreSQL has no more to give."""
    database = settings.DATABASES["default"]
    found: list[CheckMessage] = []
    if database.get("CONN_MAX_AGE", 0) != 0:
        found.append(Error("CONN_MAX_AGE must be 0; the pool keeps the connections", id="prism.E003"))
    if settings.TENANT_LIMIT_SET_CALLS:
        found.append(
            Error("TENANT_LIMIT_SET_CALLS must stay off: a savepoint rollback left the wrong tenant", id="prism.E004")
        )
    return found


@register(Tags.caches)
def cache_keys_name_their_tenant(**_: Any) -> list[CheckMessage]:
    """A key function that takes the tenant from the connection gave every tenant the same key in async code."""
    wrong = [
        name
        for name, cache in settings.CACHES.items()
        if cache.get("KEY_FUNCTION") != "apps.kernel.tenancy.cache_keys.checked_key"
    ]
    return [Error(f"cache {name!r} does not use checked_key", id="prism.E005") for name in wrong]


@register(Tags.security)
def cookies_stay_on_their_host(**_: Any) -> list[CheckMessage]:
    """A cookie for the parent domain would reach every sibling organization."""
    names = ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN")
    return [Error(f"{name} must not be set", id="prism.E006") for name in names if getattr(settings, name)]


@register(Tags.security)
def tasks_carry_messages_not_objects(**_: Any) -> list[CheckMessage]:
    """Pickled task messages would run whatever a broker client writes."""
    if list(settings.CELERY_ACCEPT_CONTENT) == ["json"]:
        return []
    return [Error("CELERY_ACCEPT_CONTENT must be json alone", id="prism.E007")]


@register(Tags.database)
def no_transaction_pooler(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A pooler in transaction mode hands one tenant's search path to the next; session mode is fine."""
    if "default" not in (databases or ()) or not is_pooled_by_transaction():
        return []
    return [Error("a pooler in transaction mode stands before PostgreSQL; use session mode", id="prism.E010")]


SETTINGS_CHECKS: tuple[Callable[..., list[CheckMessage]], ...] = (
    app_lists_are_disjoint,
    tenant_is_known_before_people,
    connections_are_not_kept,
    cache_keys_name_their_tenant,
    cookies_stay_on_their_host,
    tasks_carry_messages_not_objects,
)
"""Those that need no database."""
