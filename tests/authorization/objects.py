"""Whose objects are asked for: every kind of object with an address, and how one gives it to somebody.

A new kind of object joins here with a line in OBJECTS (tests/isolation/routes.py) and, where its row has an owner, one in OWNERS.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Model
from PIL import Image

from apps.accounts.capabilities import Relation, RoleName, Whose
from apps.accounts.choices import ConnectionKind
from apps.accounts.models import ApiKey, BrowserSession, JudgedSignIn, Passkey, SSOConnection, Team, TokenFamily, User
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.second_factor.one_time_codes import code_at, new_seed
from apps.accounts.services.authenticator_app import set_up_app
from apps.accounts.services.change_look import set_logo
from apps.accounts.services.saml_keys import make_own_key
from apps.accounts.services.scim_access import issue_scim_token
from apps.accounts.services.tokens import device_of, issue_tokens
from apps.accounts.sso.certificates import read_certificate
from apps.documents.models import Document, Section
from apps.feedback.models import Export, Item
from apps.kernel.clock import now
from apps.kernel.jobs.models import Job
from apps.kernel.tenancy.context import inside
from tests.accounts.ldap.conftest import connect as connect_directory
from tests.isolation.asking import NOBODYS_KEY
from tests.isolation.stage import Furnished, keys_of

# Addresses of connections that speak one protocol alone; all others are asked with SAML's.
_KINDS = {
    "accounts:open_id_provider": ConnectionKind.OIDC,
    "accounts:directory": ConnectionKind.LDAP,
    "accounts:try_directory": ConnectionKind.LDAP,
    "accounts:look_up_in_directory": ConnectionKind.LDAP,
}


class Place(StrEnum):
    """Where an object is: in the organization that is asked, at the neighbour's, or nowhere."""

    HERE = "here"
    NEIGHBOURS = "the neighbour's"
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class Subject:
    """The object of one cell."""

    place: Place
    relation: Relation = Relation.OWN
    is_restricted: bool = False

    def __str__(self) -> str:
        if self.place != Place.HERE:
            return self.place.value
        return f"{self.relation.value}{', restricted' if self.is_restricted else ''}"


def subjects_for(whose: Whose | None) -> list[Subject]:
    """Every difference that the rule can make, and the two that none may make."""
    others = [Subject(Place.NEIGHBOURS), Subject(Place.NOWHERE)]
    if whose in {None, Whose.EVERYBODYS}:
        return [Subject(Place.HERE), *others]
    of_documents = whose in {Whose.READABLE, Whose.DELETABLE, Whose.OWN_REMARK}
    degrees = (False, True) if of_documents else (False,)
    return [Subject(Place.HERE, relation, degree) for relation in Relation for degree in degrees] + others


def _give_document(key: Any, owner: User, *, is_restricted: bool) -> None:
    degree = "restricted" if is_restricted else "internal"
    Document.objects.filter(pk=key).update(uploaded_by=owner, classification=degree)


def _give_item(key: Any, owner: User, *, is_restricted: bool) -> None:
    item = Item.objects.get(pk=key)
    if item.author_id:
        Item.objects.filter(pk=key).update(author=owner)
    _give_document(item.review.version.document_id, owner, is_restricted=is_restricted)


def _give_export(key: Any, owner: User, *, is_restricted: bool) -> None:
    document_id = Export.objects.get(pk=key).review.version.document_id
    _give_document(document_id, owner, is_restricted=is_restricted)


def _give_job(key: Any, owner: User, *, is_restricted: bool) -> None:
    _give_document(Job.objects.get(pk=key).subject_id, owner, is_restricted=is_restricted)


def _give_key(key: Any, owner: User, *, is_restricted: bool) -> None:
    del is_restricted
    ApiKey.objects.filter(pk=key).update(owner=owner)


def _give_passkey(key: Any, owner: User, *, is_restricted: bool) -> None:
    del is_restricted
    Passkey.objects.filter(pk=key).update(owner=owner)


def _give_session(key: Any, owner: User, *, is_restricted: bool) -> None:
    del is_restricted
    BrowserSession.objects.filter(pk=key).update(person=owner, auth_hash=owner.get_session_auth_hash())


def _give_family(key: Any, owner: User, *, is_restricted: bool) -> None:
    del is_restricted
    TokenFamily.objects.filter(pk=key).update(person=owner, epoch=owner.session_epoch)


def _give_sign_in(key: Any, owner: User, *, is_restricted: bool) -> None:
    del is_restricted
    JudgedSignIn.objects.filter(pk=key).update(person=owner)


OWNERS: dict[type[Model], Callable[..., None]] = {
    Document: _give_document,
    Item: _give_item,
    Export: _give_export,
    Job: _give_job,
    ApiKey: _give_key,
    Passkey: _give_passkey,
    BrowserSession: _give_session,
    JudgedSignIn: _give_sign_in,
    TokenFamily: _give_family,
}


@dataclass
class Warehouse:
    """The objects of both organizations that are asked for, and the people of the first one who own them in turn."""

    home: Furnished
    neighbour: Furnished
    mate: User
    stranger: User
    section_id: str
    fingerprint: str
    _connections: dict[str, Any]
    _known: dict[Any, tuple[set[Any], set[Any]]] = field(default_factory=dict)

    def key(self, model: type[Model], subject: Subject, *, whose: Whose | None, name: str = "") -> Any:
        """The primary key of the object; `name` is the address's, where one kind of object has addresses of several kinds."""
        if model not in self._known:
            self._known[model] = keys_of(model, self.home), keys_of(model, self.neighbour)
        own, theirs = self._known[model]
        if subject.place == Place.NEIGHBOURS:
            return sorted(theirs - own, key=str)[0]
        if subject.place == Place.NOWHERE:
            return NOBODYS_KEY if isinstance(next(iter(own)), UUID) else 10**6
        if model is SSOConnection:
            return self._connections[_KINDS.get(name, ConnectionKind.SAML)]
        return self._own_key(model, own - theirs, whose)

    def _own_key(self, model: type[Model], own: set[Any], whose: Whose | None) -> Any:
        with inside(self.home.tenant):
            if model is User:
                return self.mate.pk
            if model is Item:
                has_author = whose == Whose.OWN_REMARK
                return Item.objects.filter(author__isnull=not has_author, is_hidden=False).order_by("pk")[0].pk
            if model is BrowserSession:
                return session_id_of("of the warehouse")
            if model is TokenFamily:
                return TokenFamily.objects.get(person=self.mate).pk
            if model is ApiKey:
                return ApiKey.objects.get(name=self.home.canary).pk
        return sorted(own, key=str)[0]

    def owner(self, asker: User | None, relation: Relation) -> User:
        """Who owns the object for this cell; nobody in particular owns what nobody asks for."""
        if relation == Relation.OWN and asker is not None:
            return asker
        return self.mate if relation != Relation.COLLEAGUES else self.stranger


def stock(home: Furnished, neighbour: Furnished) -> Warehouse:
    """Two more people: one in the same team as all five, one in another; and a session of the former."""
    with inside(home.tenant):
        mate = User.objects.create_person("mate@example.com", name="Mate", role=RoleName.ANALYST)
        stranger = User.objects.create_person("stranger@example.com", name="Stranger", role=RoleName.ANALYST)
        Team.objects.create(name="Together").members.add(mate, *home.people.values())
        Team.objects.create(name="Elsewhere").members.add(stranger)
        issue_tokens(mate, device=device_of("", "127.0.0.1"))
        section = Section.objects.filter(version__document_id=home.document_id).order_by("index")[0]
        _give_second_factors(home)
        set_logo(home.people["org_admin"], content=_picture())
        connection = _connection(home, ConnectionKind.SAML)
        connect_directory("127.0.0.1:636", slug=f"directory-{home.canary}")
        SSOConnection.objects.filter(kind=ConnectionKind.LDAP).update(name=home.canary)
        connections = {kind.value: _connection(home, kind).pk for kind in ConnectionKind}
        issue_scim_token(home.people["org_admin"], connection_id=connection.pk)
        provider = make_own_key(home.people["org_admin"], connection_id=connection.pk)
        fingerprint = read_certificate(provider.certificates[0]).fingerprint
    for place in (home, neighbour):
        with inside(place.tenant):
            if place is neighbour:
                connect_directory("127.0.0.1:636", slug=f"directory-{place.canary}")
                SSOConnection.objects.filter(kind=ConnectionKind.LDAP).update(name=place.canary)
                issue_tokens(place.people["viewer"], device=device_of("", "127.0.0.1"))
            at = now()
            BrowserSession.objects.create(
                pk=session_id_of("of the warehouse" if place is home else f"of {place.canary}"),
                person=User.objects.get(email_key="mate@example.com") if place is home else place.people["viewer"],
                content="",
                expires_at=at.replace(year=at.year + 1),
                started_at=at,
                last_seen_at=at,
            )
    return Warehouse(home, neighbour, mate, stranger, str(section.pk), fingerprint, connections)


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 100), "teal").save(file, "PNG")
    return file.getvalue()


def _connection(home: Furnished, kind: ConnectionKind) -> SSOConnection:
    return SSOConnection.objects.get(name=home.canary, kind=kind)


def _give_second_factors(home: Furnished) -> None:
    """An app each, so that there is one to remove."""
    for person in home.people.values():
        seed = new_seed()
        set_up_app(person, seed=seed, code=code_at(seed, int(now().timestamp())), address="")
