"""What a process asks before it serves: settings or a pooler that were measured to mix tenants keep it from starting."""

import logging

from django.core.checks import CheckMessage
from django.db import DatabaseError
from psycopg import OperationalError

from apps.kernel.tenancy import checks

logger = logging.getLogger(__name__)


class UnsafeStartError(RuntimeError):
    """This process would mix organizations; the message names what to change."""


def refuse_unsafe_start() -> None:
    """UnsafeStartError when a tenancy check fails. A database that is away cannot be asked about its pooler: that is logged."""
    found: list[CheckMessage] = [message for check in checks.SETTINGS_CHECKS for message in check()]
    try:
        found += checks.no_transaction_pooler(databases=["default"])
    except (DatabaseError, OperationalError):
        logger.warning("pooler_not_asked")
    if found:
        raise UnsafeStartError("; ".join(f"{message.id}: {message.msg}" for message in found))
