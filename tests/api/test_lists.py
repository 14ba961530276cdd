"""Lists: nothing skipped, nothing twice, the same few queries whatever their size."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import Invitation, JudgedSignIn, ServiceAccount, Team, User
from apps.accounts.services.invite import invite_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.service_accounts import ServiceAccountSaid, make_service_account
from apps.accounts.services.teams import join_team, make_team
from apps.accounts.services.tokens import device_of, issue_tokens
from apps.documents.models import Document, Section, Version
from apps.feedback.choices import Verdict
from apps.feedback.models import Decision, Export, Item
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from tests.api.conftest import API, items_of, send, upload

MOST_QUERIES = 8
SOME_ID = "0193a1c2-0000-7000-8000-000000000001"


def walk(client: Any, url: str, way: str = "next", **asked: Any) -> list[str]:
    """The ids of every row, page by page."""
    seen: list[str] = []
    answer = client.get(url, asked)
    while True:
        assert answer.status_code == 200, answer.content
        body = answer.json()
        ids = [row["id"] for row in body["results"]]
        seen = seen + ids if way == "next" else ids + seen
        if body[way] is None:
            return seen
        answer = client.get(body[way])


def many_documents(author: Any, count: int) -> list[Document]:
    """Rows alone; several share a name and a time."""
    made = Document.objects.bulk_create(Document(name=f"case {n % 3}", uploaded_by=author) for n in range(count))
    Version.objects.bulk_create(
        Version(
            document=one,
            file_name=f"{one.name}.docx",
            kind="docx",
            size_bytes=1,
            sha256="0" * 64,
            stored_key=str(one.id),
        )
        for one in made
    )
    return made


@pytest.mark.parametrize("ordering", ["-created_at", "created_at", "-updated_at", "name", "-name"])
def test_every_order_is_total(analyst: Any, cast_a: Any, ordering: str) -> None:
    many_documents(cast_a.analyst, 23)
    at_once = walk(analyst, f"{API}/documents/", ordering=ordering, limit=100)
    in_pages = walk(analyst, f"{API}/documents/", ordering=ordering, limit=4)
    assert len(set(at_once)) == 23
    assert in_pages == at_once


def test_pages_are_walked_back_as_they_were_walked_forth(analyst: Any, cast_a: Any) -> None:
    many_documents(cast_a.analyst, 11)
    first = analyst.get(f"{API}/documents/", {"ordering": "name", "limit": 4}).json()
    second = analyst.get(first["next"]).json()
    third = analyst.get(second["next"]).json()
    assert (third["next"], len(third["results"]), first["previous"]) == (None, 3, None)
    assert analyst.get(third["previous"]).json()["results"] == second["results"]
    again = analyst.get(second["previous"]).json()
    assert (again["results"], again["previous"]) == (first["results"], None)


def test_rows_that_come_and_go_move_nothing(analyst: Any, cast_a: Any) -> None:
    documents = many_documents(cast_a.analyst, 12)
    first = analyst.get(f"{API}/documents/", {"limit": 5}).json()
    seen = [row["id"] for row in first["results"]]
    late = many_documents(cast_a.analyst, 3)
    # The row at which the page ended is gone as well.
    Document.objects.filter(pk=seen[-1]).delete()
    rest = walk(analyst, first["next"])
    assert sorted(seen + rest) == sorted(str(one.id) for one in documents)
    assert not {str(one.id) for one in late} & set(rest)


def test_the_neighbours_stand_in_the_link_header(analyst: Any, cast_a: Any) -> None:
    many_documents(cast_a.analyst, 3)
    answer = analyst.get(f"{API}/documents/", {"limit": 2})
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'
    last = analyst.get(answer.json()["next"])
    assert last["Link"] == f'<{last.json()["previous"]}>; rel="prev"'


def test_a_page_has_at_most_a_hundred_rows(analyst: Any, cast_a: Any) -> None:
    many_documents(cast_a.analyst, 103)
    for limit, rows in ((None, 20), (7, 7), (100, 100), (101, 100), (999_999_999, 100)):
        asked = {} if limit is None else {"limit": limit}
        assert len(analyst.get(f"{API}/documents/", asked).json()["results"]) == rows


@pytest.mark.parametrize("limit", ["0", "-1", "ten", "1.5", "", "1e2", "٣", "9" * 30])
def test_a_limit_that_is_none_is_refused(analyst: Any, limit: str) -> None:
    answer = analyst.get(f"{API}/documents/", {"limit": limit})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_limit")


def _cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "ü",
        "A" * 2000,
        _cursor(),
        _cursor("next"),
        _cursor("next", "not an id"),
        _cursor("sideways", SOME_ID),
        _cursor("next", SOME_ID, 1),
        _cursor("next", None),
        _cursor("next", [1]),
        _cursor("next", {"a": 1}),
        _cursor("next", True),
        _cursor("next", "a\0b"),
        base64.urlsafe_b64encode(b"[" * 600).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_that_nobody_gave_out_is_refused(analyst: Any, cursor: str) -> None:
    answer = analyst.get(f"{API}/documents/", {"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")
    answer = analyst.get(f"{API}/documents/", {"cursor": cursor, "ordering": "-updated_at"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_an_order_that_a_list_does_not_have_is_refused(analyst: Any) -> None:
    answer = analyst.get(f"{API}/documents/", {"ordering": "uploaded_by__password"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_ordering")


def test_items_stand_in_reading_order(analyst: Any, document: dict[str, Any]) -> None:
    order = {one["id"]: one["index"] for one in analyst.get(document["_links"]["sections"]).json()["results"]}
    items = items_of(analyst, document, limit=100)
    places = [(order[item["section"]], item["start"], item["id"]) for item in items]
    assert places == sorted(places)
    assert walk(analyst, document["_links"]["feedback"], limit=2) == [item["id"] for item in items]
    assert walk(analyst, document["_links"]["feedback"], limit=2, ordering="-confidence") == [
        item["id"] for item in sorted(items, key=lambda item: (item["confidence"], item["id"]), reverse=True)
    ]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The questions that are asked meanwhile. Naming the tenant's schema before each is no question of its own."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured if not query["sql"].startswith("SET search_path")]


def grow(rows: int, cast: Any, document_id: UUID) -> None:
    """`rows` more of everything that a list can show."""
    for other in many_documents(cast.team_lead, rows):
        record("document.uploaded", actor=cast.analyst, target=other.id)
        record("document.downloaded", actor=cast.analyst, target=document_id, detail={"version": 1})
    version = Document.objects.get(pk=document_id).current_version()
    review = version.review
    for n in range(rows):
        section = Section.objects.create(
            version=version, index=1000 + Section.objects.count(), trust="style", kind="other"
        )
        item = Item.objects.create(
            review=review, section=section, fingerprint=str(uuid4()), points=[1], type="critical", risk="High",
            description="x", author=cast.analyst if n % 2 else cast.team_lead,
        )  # fmt: skip
        first = review.items.order_by("id").first()
        Decision.objects.create(
            item=first, revision=100 + Decision.objects.count(), verdict=Verdict.ACCEPTED, decided_by=cast.team_lead
        )
        Export.objects.create(
            review=review, file_name="x.docx", stored_key=str(uuid4()), size_bytes=1, sha256="0" * 64,
            comment_count=1, decisions_digest="0" * 64, made_by=cast.team_lead,
        )  # fmt: skip
        User.objects.create_person(f"{item.id}@example.com", name="Person", role=RoleName.VIEWER)
        Client().force_login(cast.org_admin)
        invite_person(cast.org_admin, email=f"to-{item.id}@example.com", role=RoleName.VIEWER)
    from apps.analysis.services.adopt_framework import adopt_framework, framework_in_use

    source = framework_in_use().source
    for n in range(rows):
        adopt_framework(cast.org_admin, slug="hawkeye", source=f"{source}\n# {n}\n")
    _grow_doors(rows, cast)


def _grow_doors(rows: int, cast: Any) -> None:
    """Programs, keys, tokens, sign-ins, teams and their members."""
    team = Team.objects.get(name="Measured")
    account = ServiceAccount.objects.get(account__name="Measured")
    for n in range(rows):
        said = ServiceAccountSaid(f"Program {n}", "x", RoleName.VIEWER, cast.analyst.pk)
        other = make_service_account(cast.org_admin, said=said)
        for owner in (account, other):
            scopes = [Capability.READ_DOCUMENTS]
            issue_api_key(cast.org_admin, name="K", scopes=scopes, life_days=3, account_id=owner.pk)
        person = User.objects.create_person(f"member-{n}@example.com", name="Member", role=RoleName.VIEWER)
        join_team(person, team=team, actor=cast.org_admin)
        make_team(cast.org_admin, name=f"Team {n}")
        issue_tokens(cast.org_admin, device=device_of("", "127.0.0.1", program=f"P{n}"))
        for whose in (cast.org_admin, person):
            JudgedSignIn.objects.create(
                person=whose, at=now(), way="password", score=0.9, verdict="deny", is_enforced=True, device_mark=""
            )


def test_every_list_asks_the_same_few_questions_whatever_its_size(
    analyst: Any, admin: Any, cast_a: Any, document: dict[str, Any]
) -> None:
    item = items_of(analyst, document)[0]
    send(analyst, "post", item["_links"]["accept"])
    for n in range(3):
        issue_api_key(cast_a.org_admin, name=f"K{n}", scopes=[Capability.READ_DOCUMENTS], life_days=3)
    team = make_team(cast_a.org_admin, name="Measured")
    said = ServiceAccountSaid("Measured", "x", RoleName.VIEWER, cast_a.analyst.pk)
    account = make_service_account(cast_a.org_admin, said=said)
    links = document["_links"]
    first = Item.objects.order_by("id").first()
    assert first is not None
    lists = [
        f"{API}/documents/",
        f"{API}/people/",
        f"{API}/invitations/",
        f"{API}/api-keys/",
        f"{API}/sessions/",
        f"{API}/frameworks/",
        f"{API}/organization/api-keys/",
        f"{API}/service-accounts/",
        f"{API}/service-accounts/{account.pk}/keys/",
        f"{API}/sign-ins/",
        f"{API}/stopped-sign-ins/",
        f"{API}/teams/",
        f"{API}/teams/{team.pk}/members/",
        f"{API}/tokens/",
        links["sections"],
        links["activity"],
        links["feedback"],
        links["exports"],
        f"{API}/feedback/{first.id}/decisions/",
        "/",
        f"/documents/{document['id']}/",
    ]
    before = _measured(admin, lists)
    grow(10, cast_a, UUID(document["id"]))
    after = _measured(admin, lists)
    assert {url: len(asked) for url, asked in after.items()} == {url: len(asked) for url, asked in before.items()}
    api_lists = {url: len(asked) for url, asked in after.items() if url.startswith(API)}
    assert {url: count for url, count in api_lists.items() if count > MOST_QUERIES} == {}, after
    assert len(after["/"]) <= MOST_QUERIES, after["/"]
    assert Invitation.objects.count() == 10


def _measured(client: Any, urls: list[str]) -> dict[str, list[str]]:
    found = {}
    for url in urls:
        # Once before, so that nothing is made for the first time while it is counted.
        assert client.get(url).status_code == 200, url
        with counted() as asked:
            answer = client.get(url, {"limit": 100} if url.startswith(API) else {})
        assert answer.status_code == 200
        found[url] = asked
    return found


def test_the_lists_above_are_all_there_are(admin: Any, document: dict[str, Any]) -> None:
    """A new list must be measured too: it is one whose answer has pages."""
    described = admin.get(f"{API}/schema/", {"format": "json"}).json()["paths"]
    lists = {
        path
        for path, methods in described.items()
        if any(parameter["name"] == "cursor" for parameter in methods.get("get", {}).get("parameters", []))
    }
    assert lists == {
        f"{API}/{tail}"
        for tail in (
            "documents/",
            "people/",
            "invitations/",
            "api-keys/",
            "sessions/",
            "frameworks/",
            "organization/api-keys/",
            "service-accounts/",
            "service-accounts/{account_id}/keys/",
            "sign-ins/",
            "stopped-sign-ins/",
            "teams/",
            "teams/{team_id}/members/",
            "tokens/",
            "documents/{document_id}/sections/",
            "documents/{document_id}/activity/",
            "documents/{document_id}/feedback/",
            "documents/{document_id}/exports/",
            "feedback/{item_id}/decisions/",
        )
    }


def test_the_list_of_documents_is_filtered(analyst: Any, cast_a: Any) -> None:
    mine = upload(analyst, name="Nordlicht case.docx", classification="confidential")
    many_documents(cast_a.team_lead, 2)
    for asked in (
        {"name": "nordlicht"},
        {"classification": "confidential"},
        {"state": "completed"},
        {"uploaded_by": str(cast_a.analyst.pk)},
        {"kind": "docx", "name": "case.docx"},
        {"created_before": "2999-01-01T00:00:00Z", "name": "nord"},
    ):
        found = analyst.get(f"{API}/documents/", asked).json()["results"]
        assert [one["id"] for one in found] == [mine["id"]], asked
    for asked in ({"created_after": "2999-01-01T00:00:00Z"}, {"kind": "pdf"}, {"state": "failed"}):
        assert analyst.get(f"{API}/documents/", asked).json()["results"] == []
