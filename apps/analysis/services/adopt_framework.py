"""Adopt a framework: keep its source as a new version, after it was read without a fault."""

from django.db import connection, transaction
from django.db.models import Max

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import require
from apps.analysis.errors import FrameworkUnchangedError
from apps.analysis.frameworks.reader import FrameworkFileError, hawkeye_source, read_framework
from apps.analysis.models import Framework
from apps.kernel.audit.record import record

HAWKEYE = "hawkeye"


@transaction.atomic
def adopt_framework(user: User | None, *, slug: str, source: str) -> Framework:
    """The new active version; older ones stay for the runs that were made with them.

    Raises NotAllowedError, FrameworkFileError which says every fault of the source, FrameworkUnchangedError when this very source
    is in use. `user` is None for the product's own framework at first use.
    """
    if user is not None:
        require(user, Capability.MANAGE_ORGANIZATION)
    text = read_framework(source)
    if text.slug != slug:
        raise FrameworkFileError(faults=f"framework.slug must be {slug}, not {text.slug}")
    _wait_for_ones_turn(slug)
    if Framework.objects.filter(slug=slug, is_active=True, source=source).exists():
        raise FrameworkUnchangedError
    newest = Framework.objects.filter(slug=slug).aggregate(Max("version"))["version__max"] or 0
    Framework.objects.filter(slug=slug, is_active=True).update(is_active=False)
    framework = Framework.objects.create(slug=slug, version=newest + 1, title=text.title, source=source)
    record("framework.adopted", actor=user, target=framework.id, detail={"slug": slug, "version": framework.version})
    return framework


def framework_in_use() -> Framework:
    """The active Hawkeye version of this organization; the product's own is adopted at first use, once."""
    if found := _active():
        return found
    try:
        return adopt_framework(None, slug=HAWKEYE, source=hawkeye_source())
    except FrameworkUnchangedError:
        # Somebody else adopted it between the look and the deed.
        return Framework.objects.get(slug=HAWKEYE, is_active=True)


def _wait_for_ones_turn(slug: str) -> None:
    """Adoptions of one organization go one after the other. Rows cannot be locked for it: at first there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%s))", [slug])


def _active() -> Framework | None:
    return Framework.objects.filter(slug=HAWKEYE, is_active=True).order_by("-version").first()
