"""Record what a platform operator did."""

from collections.abc import Mapping

from apps.tenants.models import OperatorEntry


def record_operator_deed(
    action: str, *, tenant_slug: str, actor: str = "command line", detail: Mapping[str, str] | None = None
) -> None:
    """Write one entry in the caller's transaction."""
    OperatorEntry.objects.create(action=action, tenant_slug=tenant_slug, actor=actor, detail=dict(detail or {}))
