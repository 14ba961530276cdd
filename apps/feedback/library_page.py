"""What the library shows: a page of the documents that one may see, each with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.documents.choices import Classification
from apps.documents.models import Document
from apps.documents.selectors import listed_documents
from apps.feedback.choices import ReviewState
from apps.feedback.selectors import with_review_counts
from apps.kernel.http.links import link_to
from apps.kernel.jobs.choices import ACTIVE_STATES, JobState
from apps.kernel.jobs.selectors import with_job_state

PAGE_SIZE = 25
_IN_TROUBLE = [JobState.FAILED, JobState.QUARANTINED]
_CONDITIONS: dict[str, dict[str, Any]] = {
    "open": {"review_state": ReviewState.OPEN},
    "closed": {"review_state": ReviewState.CLOSED},
    "running": {"job_state__in": ACTIVE_STATES},
    "failed": {"job_state__in": _IN_TROUBLE},
}

_ORDERS = {
    "newest": F("created_at").desc(),
    "oldest": F("created_at").asc(),
    "name": F("name").asc(),
    "author": F("uploaded_by__name").asc(),
    "most_open": F("item_counts__open").desc(nulls_last=True),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands, as one word with its picture."""

    look: str
    icon: str
    word: str
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A document in the list. Counts are texts, "" for none; `about` says what kind of text it is, as far as is known."""

    key: str
    url: str
    name: str
    about: str
    standing: Standing
    is_counted: bool
    open_count: str
    item_count: str
    high_count: str
    author: str
    uploaded_iso: str
    uploaded: str


def library_page(user: User, *, asked: dict[str, Any], number: str | None) -> tuple[Page[Document], list[LibraryRow]]:
    """The page of this number among the documents that were asked for, and its rows."""
    page = Paginator(_found(user, asked), PAGE_SIZE).get_page(number)
    return page, _rows(page)


def _found(user: User, asked: dict[str, Any]) -> QuerySet[Document]:
    conditions = dict(_CONDITIONS.get(asked.get("state") or "", {}))
    if asked.get("q"):
        conditions["name__icontains"] = asked["q"]
    if asked.get("kind"):
        conditions["newest__kind"] = asked["kind"]
    if asked.get("mine"):
        conditions["uploaded_by"] = user
    found = with_job_state(with_review_counts(listed_documents(user)), pipeline="review").filter(**conditions)
    return found.order_by(_ORDERS.get(asked.get("order") or "newest", _ORDERS["newest"]), "-id")


def _rows(documents: Iterable[Any]) -> list[LibraryRow]:
    standings = _standings()
    return [_row(document, standings[_standing_of(document)]) for document in documents]


def _row(document: Any, standing: Standing) -> LibraryRow:
    counts = document.item_counts or {}
    uploaded_at = localtime(document.created_at)
    return LibraryRow(
        key=str(document.id),
        url=link_to("feedback:desk", document.id),
        name=document.name,
        about=_about(document),
        standing=standing,
        is_counted=bool(counts),
        open_count=str(counts.get("open") or ""),
        item_count=str(counts.get("all") or ""),
        high_count=str(counts.get("high") or ""),
        author=document.uploaded_by.name,
        uploaded_iso=uploaded_at.isoformat(),
        uploaded=date_format(uploaded_at, "SHORT_DATETIME_FORMAT"),
    )


def _about(document: Any) -> str:
    newest = document.newest or {}
    words = newest.get("word_count")
    parts = [(newest.get("kind") or "").upper()]
    if words:
        parts.append(ngettext("%(n)s word", "%(n)s words", words) % {"n": words})
    if document.classification != Classification.INTERNAL:
        parts.append(str(document.get_classification_display()))
    return " · ".join(parts)


def _standing_of(document: Any) -> str:
    """The key of its standing: what its job is at goes before what its review is at."""
    if document.job_state in ACTIVE_STATES:
        return "running"
    if document.job_state in _IN_TROUBLE:
        return "failed"
    if document.job_state == JobState.CANCELLED and not document.review_state:
        return "cancelled"
    return document.review_state or "waiting"


def _standings() -> dict[str, Standing]:
    return {
        "running": Standing("running", "clock", _("Being reviewed"), is_live=True),
        "failed": Standing("failed", "alert", _("Needs attention")),
        "cancelled": Standing("idle", "dash", _("Cancelled")),
        "closed": Standing("closed", "check", _("Finished")),
        "open": Standing("open", "pen", _("To decide")),
        "waiting": Standing("idle", "clock", _("Waiting")),
    }
