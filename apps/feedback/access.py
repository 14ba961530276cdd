"""Who can see a document, who decides in it, who can delete it, and why: the same policies that answer every request."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from apps.accounts.models import User
from apps.accounts.policies import may_manage_people, team_mates_of
from apps.accounts.selectors import active_people
from apps.documents.models import Document
from apps.documents.policies import may_delete, may_edit, may_view
from apps.documents.selectors import document_for
from apps.feedback.policies import may_decide


class Deed(StrEnum):
    """What one can do with a document."""

    READ = "read"
    EDIT = "edit"
    DECIDE = "decide"
    DELETE = "delete"


class Reason(StrEnum):
    """Why somebody can do the most that they can."""

    OWNER = "owner"
    ROLE = "role"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class PersonalAccess:
    """One person who can at least read the document."""

    person: User
    deeds: tuple[Deed, ...]
    reason: Reason

    @property
    def is_deleting(self) -> bool:
        """Can they delete it?"""
        return Deed.DELETE in self.deeds


@dataclass(frozen=True, slots=True)
class DocumentAccess:
    """How many people can do what; by name only those whom the asker may know of: everybody for administrators, else oneself and the owner."""

    document: Document
    counts: dict[Deed, int]
    named: tuple[PersonalAccess, ...]
    unnamed_count: int


def access_to(user: User, document_id: UUID) -> DocumentAccess:
    """For one of its readers. The number of queries does not grow with the people. NotFoundError for everybody else."""
    document = document_for(user, document_id, need="view")
    every = list(_accesses(document, active_people()))
    named = [one for one in every if _may_be_named(user, one.person, document)]
    return DocumentAccess(
        document=document,
        counts={deed: sum(deed in one.deeds for one in every) for deed in Deed},
        named=tuple(named),
        unnamed_count=len(every) - len(named),
    )


def _may_be_named(user: User, person: User, document: Document) -> bool:
    """The owner's name stands on the document for all of its readers."""
    return may_manage_people(user) or person.pk in {user.pk, document.uploaded_by_id}


def _accesses(document: Document, people: Iterable[User]) -> Iterable[PersonalAccess]:
    mates = team_mates_of(document.uploaded_by_id)
    for person in people:
        deeds = tuple(deed for deed in Deed if _may(deed, person, document, mates))
        if deeds:
            yield PersonalAccess(person, deeds, _reason(person, document, deeds, mates))


def _may(deed: Deed, person: User, document: Document, mates: Collection[UUID]) -> bool:
    match deed:
        case Deed.READ:
            return may_view(person, document)
        case Deed.EDIT:
            return may_edit(person, document)
        case Deed.DECIDE:
            return may_decide(person, document)
        case Deed.DELETE:
            return may_delete(person, document, mates=mates)


def _reason(person: User, document: Document, deeds: Collection[Deed], mates: Collection[UUID]) -> Reason:
    """Of several reasons the closest one."""
    if person.pk == document.uploaded_by_id:
        return Reason.OWNER
    # What they could not do without the team, they can because of it.
    if Deed.DELETE in deeds and person.pk in mates and not may_delete(person, document, mates=()):
        return Reason.TEAM
    return Reason.ROLE
