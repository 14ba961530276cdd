"""What the library shows: a page of the documents that one may see, each with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.fields.json import KT
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.documents.choices import Classification
from apps.documents.models import Document
from apps.documents.selectors import listed_documents, readable_documents
from apps.feedback.choices import ReviewState
from apps.feedback.selectors import with_review_counts
from apps.kernel.http.links import link_to
from apps.kernel.jobs.choices import ACTIVE_STATES, JobState
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import latest_jobs, with_job_state

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
    """A document in the list. Counts are texts, "" for none; `about` says what kind of text it is, as far as is known, and what is wrong with it."""

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


class _Found:
    """The documents that were asked for, in their order, for a Paginator: counted, and fetched a page at a time."""

    def __init__(self, user: User, asked: dict[str, Any]) -> None:
        listed, plain = listed_documents(user), readable_documents(user)
        if asked.get("mine"):
            listed, plain = (one.narrowed(_by, values={"author_id": user.pk}) for one in (listed, plain))
        if asked.get("kind"):
            listed = plain = listed.narrowed(_of_kind, (asked["kind"],))
        told = listed.narrowed(with_review_counts).narrowed(with_job_state, values={"pipeline": "review"})
        if asked.get("state"):
            told = plain = told.narrowed(_in_state, (asked["state"],))
        self._counted, self._told = plain, told
        self._words, self._order = asked.get("q") or "", asked.get("order") or "newest"

    def count(self) -> int:
        """How many there are."""
        return _named(self._counted.queryset(), self._words).count()

    def __getitem__(self, wanted: slice) -> list[Document]:
        """The page that begins where the slice does."""
        start: int = wanted.start
        if self._words:
            return list(_page(_named(self._told.queryset(), self._words), self._order, start))
        return self._told.narrowed(_page, (self._order, start)).rows()


def library_page(user: User, *, asked: dict[str, Any], number: str | None) -> tuple[Page[Document], list[LibraryRow]]:
    """The page of this number among the documents that were asked for, and its rows."""
    found: Any = _Found(user, asked)
    page = Paginator(found, PAGE_SIZE).get_page(number)
    return page, _rows(page)


def _by(documents: QuerySet[Document], *, author_id: UUID) -> QuerySet[Document]:
    return documents.filter(uploaded_by=author_id)


def _of_kind(documents: QuerySet[Document], kind: str) -> QuerySet[Document]:
    return documents.alias(kind=KT("newest__kind")).filter(kind=kind)


def _in_state(documents: QuerySet[Document], state: str) -> QuerySet[Document]:
    return documents.filter(**_CONDITIONS.get(state, {}))


def _named(documents: QuerySet[Document], words: str) -> QuerySet[Document]:
    return documents.filter(name__icontains=words) if words else documents


def _page(documents: QuerySet[Document], order: str, start: int) -> QuerySet[Document]:
    return documents.order_by(_ORDERS.get(order, _ORDERS["newest"]), "-id")[start : start + PAGE_SIZE]


def _rows(documents: Iterable[Any]) -> list[LibraryRow]:
    standings = _standings()
    shown = list(documents)
    in_trouble = [document.id for document in shown if document.job_state in _IN_TROUBLE]
    troubles = latest_jobs(in_trouble, "review") if in_trouble else {}
    return [_row(document, standings[_standing_of(document)], troubles.get(document.id)) for document in shown]


def _row(document: Any, standing: Standing, trouble: Job | None) -> LibraryRow:
    counts = document.item_counts or {}
    uploaded_at = localtime(document.created_at)
    return LibraryRow(
        key=str(document.id),
        url=link_to("feedback:desk", document.id),
        name=document.name,
        about=_about(document, trouble),
        standing=standing,
        is_counted=bool(counts),
        open_count=str(counts.get("open") or ""),
        item_count=str(counts.get("all") or ""),
        high_count=str(counts.get("high") or ""),
        author=document.uploaded_by.name,
        uploaded_iso=uploaded_at.isoformat(),
        uploaded=date_format(uploaded_at, "SHORT_DATETIME_FORMAT"),
    )


def _about(document: Any, trouble: Job | None) -> str:
    newest = document.newest or {}
    words = newest.get("word_count")
    parts = [(newest.get("kind") or "").upper()]
    if words:
        parts.append(ngettext("%(n)s word", "%(n)s words", words) % {"n": words})
    if document.classification != Classification.INTERNAL:
        parts.append(str(document.get_classification_display()))
    if trouble is not None:
        parts.append(trouble.error_sentence)
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
