"""Many invitations with one list: looked at first, sent once, told line by line."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.capabilities import RoleName
from apps.accounts.models import Invitation, InvitationBatch, Team, User
from apps.accounts.roster.reading import MOST_BYTES, MOST_LINES
from apps.accounts.services.invite import invite_person
from apps.accounts.services.invite_many import send_batch
from apps.accounts.services.remove_expired import remove_expired
from apps.kernel.clock import now
from apps.kernel.identifiers import new_id
from apps.kernel.jobs.models import Job
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions, mailed_path

PAGE = "/people/invite-many/"
BULK = "/api/v2/invitations/bulk/"
LIST = "email,name,role,team\nada@example.com,Ada,analyst,\ngrace@example.com,Grace,Team lead,\n"
JOIN = {"name": "Ada", "password": "nine quiet lanterns at dusk", "again": "nine quiet lanterns at dusk"}


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


def said(text: str = LIST, **changes: Any) -> dict[str, Any]:
    return {"text": text, "usual_role": "viewer", "batch_id": str(new_id()), "deed": "check", **changes}


def checked(client: Any, text: str = LIST, **changes: Any) -> dict[str, Any]:
    """What the page would send next, once this list has been looked at."""
    sent = said(text, **changes)
    page = client.post(PAGE, sent)
    assert page.status_code == 200, page.content.decode()[:2000]
    digest = re.search(r'name="checked" value="([0-9a-f]{64})"', page.content.decode())
    assert digest
    return sent | {"checked": digest.group(1), "deed": "send"}


def outcomes(client: Any, people: list[dict[str, str]], **wishes: Any) -> list[str]:
    answer = client.post(BULK, {"people": people, "dry_run": True, **wishes}, content_type="application/json")
    assert answer.status_code == 200, answer.json()
    return [line["outcome"] for line in answer.json()["results"]]


def test_nothing_is_sent_before_it_is_confirmed_and_then_everybody_is_invited(admin: Any) -> None:
    confirmed = checked(admin)
    assert not mail.outbox
    assert not Invitation.objects.exists()
    answer = admin.post(PAGE, confirmed)
    assert answer["Location"] == f"{PAGE}{confirmed['batch_id']}/"
    assert sorted(message.to[0] for message in mail.outbox) == ["ada@example.com", "grace@example.com"]
    assert dict(Invitation.objects.values_list("email", "role")) == {
        "ada@example.com": "analyst",
        "grace@example.com": "team_lead",
    }
    page = admin.get(answer["Location"]).content.decode()
    assert "2 people were invited." in page
    assert "All lines are done" in page
    assert actions() == ["invitations.asked", "person.invited", "person.invited", "invitations.sent"]


def test_confirming_twice_sends_once(admin: Any) -> None:
    confirmed = checked(admin)
    first, second = admin.post(PAGE, confirmed), admin.post(PAGE, confirmed)
    assert first["Location"] == second["Location"]
    assert len(mail.outbox) == 2
    assert InvitationBatch.objects.count() == Job.objects.filter(pipeline="invitations").count() == 1


def test_another_list_than_the_one_that_was_looked_at_is_shown_and_not_sent(admin: Any) -> None:
    confirmed = checked(admin)
    for change in (
        {"text": LIST + "eve@example.com,Eve,org_admin,\n"},
        {"usual_role": "org_admin"},
        {"renews": "on"},
        {"checked": ""},
    ):
        page = admin.post(PAGE, confirmed | change)
        assert page.status_code == 200
        assert "Please look at it once more" in page.content.decode()
    assert not mail.outbox
    assert admin.post(PAGE, confirmed | {"text": LIST.replace("\n", "\r\n")}).status_code == 302


def test_a_file_takes_the_place_of_what_is_written(admin: Any) -> None:
    file = SimpleUploadedFile(
        "people.csv", "E-Mail;Rolle\r\nzoe@example.com;Königin\r\nada@example.com;Analyst\r\n".encode("utf-16")
    )
    page = admin.post(PAGE, said("", file=file)).content.decode()
    assert "ada@example.com" in page
    assert "There is no role of this name" in page
    assert "Invite 1 person" in page
    assert not mail.outbox


def test_every_line_says_what_would_happen_to_it(admin: Any, cast_a: Any) -> None:
    User.objects.filter(pk=cast_a.viewer.pk).update(is_active=False)
    Team.objects.create(name="Fraud")
    invite_person(cast_a.org_admin, email="open@example.com", role=RoleName.VIEWER)
    people = [
        {"email": "ada@example.com", "role": "TEAM-LEAD", "team": "fraud"},
        {"email": "ADA@example.com"},
        {"email": "ANALYST@example.com"},
        {"email": "viewer@example.com"},
        {"email": "Open@example.com"},
        {"email": ""},
        {"email": "no address"},
        {"email": "a@example.com", "name": "x" * 151},
        {"email": "b@example.com", "role": "emperor"},
        {"email": "c@example.com", "role": "system_admin"},
        {"email": "d@example.com", "team": "Nobody's"},
        {"email": "e@example.com", "team": "x" * 101},
        {"email": "f@example.com", "role": "Organisationsadministrator"},
    ]
    expected = ["invite", "duplicate", "already_here", "deactivated", "invited_before", "no_address", "bad_address"]
    expected += ["long_name", "unknown_role", "role_not_yours", "unknown_team", "long_team"]
    found = outcomes(admin, people)
    assert found[:-1] == expected
    assert outcomes(admin, people, renew=True)[4] == "renew"
    assert outcomes(admin, people, make_teams=True)[10] == "invite"
    assert Invitation.objects.count() == 1
    assert Team.objects.count() == 1


def test_a_role_is_known_by_its_word_in_every_language(admin: Any) -> None:
    from django.utils.translation import gettext, override

    from apps.accounts.choices import ROLE_CHOICES

    with override("de"):
        words = [gettext(str(label)) for value, label in ROLE_CHOICES if value != "system_admin"]
    people = [{"email": f"p{number}@example.com", "role": word} for number, word in enumerate(words)]
    assert set(outcomes(admin, people)) == {"invite"}


def test_the_team_is_made_when_that_is_wished_and_joined_with_the_account(
    admin: Any, anonymous_client: Any, tenant_a: Any
) -> None:
    text = "email,team\nada@example.com,New team\ngrace@example.com,new TEAM\n"
    page = admin.post(PAGE, said(text)).content.decode()
    assert "There is no team of this name" in page
    admin.post(PAGE, checked(admin, text, makes_teams="on"))
    team = Team.objects.get()
    assert team.name == "New team"
    guest = anonymous_client(tenant_a)
    assert guest.post(mailed_path("ada@example.com"), JOIN).status_code == 302
    assert [person.email for person in team.members.all()] == ["ada@example.com"]
    assert {"team.made", "team.member_added"} <= set(actions())


def test_a_new_link_ends_the_old_one(admin: Any, anonymous_client: Any, tenant_a: Any) -> None:
    admin.post(PAGE, checked(admin))
    old = mailed_path("ada@example.com")
    again = admin.post(PAGE, said()).content.decode()
    assert "Is invited already" in again
    assert "Invite 2 people" not in again
    admin.post(PAGE, checked(admin, renews="on"))
    new = mailed_path("ada@example.com")
    guest = anonymous_client(tenant_a)
    assert guest.post(old, JOIN).status_code == 400
    assert guest.post(new, JOIN).status_code == 302


def test_a_list_in_which_nobody_can_be_invited_is_not_sent(admin: Any) -> None:
    answer = admin.post(PAGE, checked(admin, "email\nanalyst@example.com"))
    assert answer.status_code == 400
    assert "Nobody in this list can be invited" in answer.content.decode()
    assert not InvitationBatch.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04", "it is an Excel workbook"),
        (b"a\x00b", "it is no text"),
        (b"name\nAda", "neither a column called email"),
        (b'email\n"ada@example.com', "a quotation mark in line 2"),
        (b"\n", "there is nobody in it"),
        (b"x" * (MOST_BYTES + 1), "at most 1000 people and 256 KiB"),
        (b"email\n" + b"".join(b"p%d@example.com\n" % n for n in range(MOST_LINES + 1)), "at most 1000 people"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(admin: Any, content: bytes, sentence: str) -> None:
    answer = admin.post(PAGE, said("", file=SimpleUploadedFile("people.csv", content)))
    assert answer.status_code in {400, 413}
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert admin.post(PAGE, said("")).status_code == 400


def test_a_thousand_lines_are_looked_at_with_as_few_questions_as_one(
    admin: Any, django_assert_max_num_queries: Any
) -> None:
    people = [{"email": f"p{number}@example.com", "role": "viewer"} for number in range(MOST_LINES)]
    with django_assert_max_num_queries(16):
        assert set(outcomes(admin, people)) == {"invite"}
    too_many = admin.post(BULK, {"people": [*people, {"email": "x@example.com"}]}, content_type="application/json")
    assert too_many.status_code == 400


def test_a_program_invites_by_list_and_follows_it(admin: Any) -> None:
    body = {"people": [{"email": "ada@example.com"}, {"email": "nonsense"}], "usual_role": "viewer"}
    key = {"Idempotency-Key": "list-1"}
    answers = [admin.post(BULK, body, content_type="application/json", headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert len(mail.outbox) == 1
    assert Invitation.objects.get().role == "viewer"
    done = admin.get(answers[0]["Location"]).json()
    assert (done["state"], done["done_count"], done["line_count"]) == ("done", 2, 2)
    assert [line["outcome"] for line in done["results"]] == ["invited", "bad_address"]
    assert done["results"][1]["message"] == "This is no e-mail address"


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_an_administrator_sends_lists(client_for: Any, admin: Any, cast_a: Any, tenant_a: Any, role: str) -> None:
    confirmed = checked(admin)
    client = client_for(getattr(cast_a, role), tenant_a)
    answers = [client.get(PAGE), client.post(PAGE, confirmed), client.get(PAGE + "example.csv")]
    answers += [client.post(BULK, {"people": [{"email": "a@example.com"}]}, content_type="application/json")]
    assert {answer.status_code for answer in answers} == {403}
    assert not mail.outbox
    assert admin.post(PAGE, confirmed).status_code == 302


def test_a_list_that_was_interrupted_goes_on_where_it_stood(admin: Any, cast_a: Any) -> None:
    """The worker dies in the middle: what was done is kept with its lines, and only the rest is done."""
    from django.db import transaction

    lines = [
        {"number": n, "email": f"p{n}@example.com", "name": "", "role": "viewer", "team": "", "outcome": "invite"}
        for n in range(1, 46)
    ]
    batch = InvitationBatch.objects.create(asked_by=cast_a.org_admin, lines=lines)

    class WorkerDiesError(Exception):
        pass

    def die(done: int, total: int) -> None:
        assert total == 45
        if done >= 20:
            raise WorkerDiesError

    with pytest.raises(WorkerDiesError):
        send_batch(batch.pk, writing=transaction.atomic, report=die)
    assert Invitation.objects.count() == InvitationBatch.objects.get(pk=batch.pk).done_count == 20
    before = set(Invitation.objects.values_list("pk", flat=True))
    send_batch(batch.pk, writing=transaction.atomic)
    send_batch(batch.pk, writing=transaction.atomic)
    assert Invitation.objects.filter(revoked_at=None).count() == 45
    assert before <= set(Invitation.objects.filter(revoked_at=None).values_list("pk", flat=True))


def test_who_has_left_invites_nobody_any_more(admin: Any, cast_a: Any) -> None:
    from django.db import transaction

    line = {"number": 1, "email": "p@example.com", "name": "", "role": "viewer", "team": "", "outcome": "invite"}
    batches = [InvitationBatch.objects.create(asked_by=cast_a.org_admin, lines=[dict(line)]) for _ in range(2)]
    User.objects.filter(pk=cast_a.org_admin.pk).update(is_active=False)
    send_batch(batches[0].pk, writing=transaction.atomic)
    assert InvitationBatch.objects.get(pk=batches[0].pk).lines[0]["outcome"] == "not_allowed"
    assert not Invitation.objects.exists()
    User.objects.filter(pk=cast_a.org_admin.pk).update(is_active=True)
    send_batch(batches[1].pk, writing=transaction.atomic)
    assert Invitation.objects.count() == 1


def test_an_exported_line_is_never_a_formula(admin: Any) -> None:
    confirmed = checked(admin, 'email,name\nada@example.com,=HYPERLINK("x")\n'.replace('"', ""))
    location = admin.post(PAGE, confirmed)["Location"]
    file = admin.get(location + "lines.csv")
    assert file["Content-Type"].startswith("text/csv")
    assert ",'=HYPERLINK" in file.content.decode("utf-8-sig")
    example = admin.get(PAGE + "example.csv").content.decode("utf-8-sig")
    assert "Invite 3 people" in admin.post(PAGE, said(example, makes_teams="on", renews="on")).content.decode()


def test_a_list_of_another_organization_is_nowhere(admin: Any, cast_b: Any, tenant_b: Any) -> None:
    own = admin.post(PAGE, checked(admin))["Location"]
    with inside(tenant_b):
        foreign = InvitationBatch.objects.create(asked_by=cast_b.org_admin, lines=[])
    for place in (f"{PAGE}{foreign.pk}/", f"{PAGE}{foreign.pk}/lines.csv", f"{BULK}{foreign.pk}/"):
        assert admin.get(place).status_code == 404
    assert admin.get(own).status_code == 200


def test_a_list_is_forgotten_when_its_links_have_ended(admin: Any) -> None:
    admin.post(PAGE, checked(admin))
    remove_expired()
    assert InvitationBatch.objects.exists()
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=False):
        remove_expired()
    assert not InvitationBatch.objects.exists()
