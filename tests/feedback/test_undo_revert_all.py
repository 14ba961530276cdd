"""What was taken back from all items can be had again: by the same person, and never over what somebody decided since."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.feedback.models import Item
from apps.feedback.services.revert_all import revert_all, undo_revert_all
from apps.kernel.audit.models import AuditEntry
from apps.kernel.tenancy.context import TenantRef, inside
from tests.conftest import CommittingClient
from tests.feedback.conftest import WRITE_UP, ReviewedDocument
from tests.feedback.test_upload_to_export import upload


def decide_on_three(reviewed: ReviewedDocument) -> list[Item]:
    """One item accepted, one rejected, one reworded."""
    items = [reviewed.item(place) for place in range(3)]
    reviewed.analyst.post(f"/items/{items[0].id}/decide/", {"verdict": "accepted"})
    reviewed.team_lead.post(f"/items/{items[1].id}/decide/", {"verdict": "rejected"})
    reviewed.analyst.post(f"/items/{items[2].id}/reword/", {"description": "Which team?", "suggestion": "Name it."})
    return items


def take_all_back(reviewed: ReviewedDocument, client: Client) -> Any:
    """Take everything back; the desk that is shown then."""
    return client.post(f"/documents/{reviewed.id}/revert-all/", follow=True)


def offered(page: Any) -> str:
    """The moment in the page's form for undoing."""
    found = re.search(r'name="taken_back_at" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found.group(1)


def undo(reviewed: ReviewedDocument, client: Client, at: str) -> Any:
    return client.post(f"/documents/{reviewed.id}/revert-all/undo/", {"taken_back_at": at}, follow=True)


def standing(items: list[Item]) -> list[tuple[str, str, str]]:
    rows = Item.objects.in_bulk([item.id for item in items])
    return [
        (rows[item.id].state, rows[item.id].reworded_description, rows[item.id].reworded_suggestion) for item in items
    ]


def test_undoing_brings_every_decision_back_with_its_words_as_a_new_one(reviewed: ReviewedDocument) -> None:
    items = decide_on_three(reviewed)
    before = standing(items)
    page = take_all_back(reviewed, reviewed.analyst)
    assert "3 decisions taken back." in page.content.decode()
    assert {state for state, _, _ in standing(items)} == {"open"}
    after = undo(reviewed, reviewed.analyst, offered(page))
    assert "3 decisions restored." in after.content.decode()
    assert standing(items) == before
    assert [list(item.decisions.values_list("verdict", flat=True)) for item in items] == [
        [verdict, "reverted", verdict] for verdict in ("accepted", "rejected", "reworded")
    ]
    assert {one.decided_by.email for item in items for one in item.decisions.filter(revision=3)} == {
        "analyst@example.com"
    }
    assert reviewed.deeds()[-1] == "review.restored"
    assert AuditEntry.objects.get(action="review.restored").detail == {"count": 3}
    assert [line["verdict"] for line in reviewed.news("feedback.decided")][-3:].count("reverted") == 0


def test_what_somebody_decided_on_since_is_left_alone_and_that_is_said(reviewed: ReviewedDocument) -> None:
    items = decide_on_three(reviewed)
    at = offered(take_all_back(reviewed, reviewed.analyst))
    reviewed.team_lead.post(f"/items/{items[0].id}/decide/", {"verdict": "rejected"})
    desk = reviewed.analyst.get(f"/documents/{reviewed.id}/", {"taken_back_at": at}).content.decode()
    assert "2 decisions taken back." in desk
    after = undo(reviewed, reviewed.analyst, at).content.decode()
    assert "2 decisions restored." in after
    assert "1 item was left as it is: it has been decided on since." in after
    assert [state for state, _, _ in standing(items)] == ["rejected", "rejected", "accepted"]
    assert Item.objects.get(pk=items[0].id).decisions.last().decided_by.email == "team_lead@example.com"  # type: ignore[union-attr]


def test_undoing_twice_is_undoing_once(reviewed: ReviewedDocument) -> None:
    items = decide_on_three(reviewed)
    at = offered(take_all_back(reviewed, reviewed.analyst))
    undo(reviewed, reviewed.analyst, at)
    again = undo(reviewed, reviewed.analyst, at).content.decode()
    assert "3 items were left as they are: they have been decided on since." in again
    assert [item.decisions.count() for item in items] == [3, 3, 3]
    assert reviewed.deeds().count("review.restored") == 1


def test_it_is_offered_to_the_person_who_took_back_and_to_nobody_else(reviewed: ReviewedDocument) -> None:
    items = decide_on_three(reviewed)
    at = offered(take_all_back(reviewed, reviewed.analyst))
    for client, status in ((reviewed.team_lead, 409), (reviewed.viewer, 403), (reviewed.stranger, 404)):
        page = client.get(f"/documents/{reviewed.id}/", {"taken_back_at": at}).content.decode()
        assert "revert-all/undo" not in page
        assert undo(reviewed, client, at).status_code == status
    assert {state for state, _, _ in standing(items)} == {"open"}
    assert "revert-all/undo" not in reviewed.analyst.get(f"/documents/{reviewed.id}/").content.decode()


def test_a_moment_that_is_none_or_of_nothing_undoes_nothing(reviewed: ReviewedDocument) -> None:
    decide_on_three(reviewed)
    take_all_back(reviewed, reviewed.analyst)
    for at in ("", "yesterday", "2026-02-31T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00"):
        assert undo(reviewed, reviewed.analyst, at).status_code == 409
        assert reviewed.analyst.get(f"/documents/{reviewed.id}/", {"taken_back_at": at}).status_code == 200


def test_a_finished_review_offers_and_undoes_nothing(reviewed: ReviewedDocument) -> None:
    decide_on_three(reviewed)
    at = offered(take_all_back(reviewed, reviewed.analyst))
    reviewed.analyst.post(f"/documents/{reviewed.id}/finish/")
    page = reviewed.analyst.get(f"/documents/{reviewed.id}/", {"taken_back_at": at}).content.decode()
    assert "revert-all/undo" not in page
    assert undo(reviewed, reviewed.analyst, at).status_code == 409


def test_where_nobody_has_decided_there_is_nothing_to_take_back_or_to_undo(reviewed: ReviewedDocument) -> None:
    page = take_all_back(reviewed, reviewed.analyst).content.decode()
    assert "There was no decision to take back." in page
    assert "revert-all/undo" not in page


def test_deciding_taking_back_and_undoing_at_once_wait_for_each_other(
    committed_tenants: tuple[TenantRef, TenantRef],
) -> None:
    tenant = committed_tenants[0]
    with inside(tenant):
        person = User.objects.get(email="analyst@example.com")
        client = CommittingClient(tenant)
        client.force_login(person)
        document_id = upload(client, WRITE_UP)
        item_ids = [str(item.id) for item in Item.objects.filter(is_hidden=False)[:4]]
    start = threading.Barrier(3)

    def at_once(deed: Callable[[], object]) -> None:
        start.wait(timeout=30)
        try:
            with inside(tenant):
                for _ in range(6):
                    deed()
        finally:
            connection.close()

    def all_back() -> None:
        taken = revert_all(person, document_id=document_id)
        if taken.count:
            undo_revert_all(person, document_id=document_id, at=taken.at)

    def decide(verdict: str) -> None:
        caller = CommittingClient(tenant)
        caller.force_login(person)
        for item_id in reversed(item_ids):
            assert caller.post(f"/items/{item_id}/decide/", {"verdict": verdict}).status_code == 302

    deeds = (all_back, partial(decide, "accepted"), partial(decide, "rejected"))
    with ThreadPoolExecutor(max_workers=3) as pool:
        for ended in [pool.submit(at_once, deed) for deed in deeds]:
            ended.result(timeout=90)
    with inside(tenant):
        for item in Item.objects.filter(pk__in=item_ids):
            assert list(item.decisions.values_list("revision", flat=True)) == list(range(1, item.revision + 1))
