"""The audit log: a deed and its entry are one, and entries stay as they are."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse

from apps.kernel.audit import actions
from apps.kernel.audit.actions import UnknownActionError, register_actions
from apps.kernel.audit.middleware import RequestContextMiddleware
from apps.kernel.audit.models import AuditEntry
from apps.kernel.audit.record import record
from apps.kernel.audit.request_context import RequestContext, in_request, request_context
from apps.kernel.audit.selectors import described, entries_for
from apps.kernel.identifiers import new_id
from apps.kernel.tenancy.context import inside


@pytest.fixture(autouse=True)
def an_action_of_the_tests_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deed that only these tests know; the product's own register is as before when they end."""
    monkeypatch.setattr(actions, "_sentences", dict(actions._sentences))
    register_actions({"test.painted": "%(actor)s painted it %(colour)s"})


def test_an_entry_says_who_did_what_from_where(tenant_a, cast_a):
    target = new_id()
    with in_request(RequestContext(request_id="req-12345678", ip="192.0.2.7", actor_id=cast_a.analyst.pk)):
        record("test.painted", actor=cast_a.analyst, target=target, detail={"colour": "red"})

    (entry,) = entries_for(target)
    assert (entry.actor_id, entry.request_id, entry.ip) == (cast_a.analyst.pk, "req-12345678", "192.0.2.7")
    assert described(entry) == f"{cast_a.analyst.name} painted it red"


def test_what_nobody_did_was_done_by_the_system(tenant_a):
    entry = record("test.painted", actor=None, target=None, detail={"colour": "red"})
    assert entry.actor_id is None
    assert described(entry) == "AI-Prism painted it red"


def test_an_entry_whose_detail_lacks_a_word_is_still_shown(tenant_a):
    assert described(record("test.painted", actor=None, target=None)) == "test.painted"


def test_a_deed_that_is_taken_back_leaves_no_entry(tenant_a):
    target = new_id()
    with transaction.atomic():
        record("test.painted", actor=None, target=target, detail={"colour": "red"})
        transaction.set_rollback(True)
    assert not entries_for(target).exists()


def test_an_unregistered_action_is_a_fault(tenant_a):
    with pytest.raises(UnknownActionError):
        record("test.unheard_of", actor=None, target=None)


def test_one_action_cannot_have_two_sentences():
    with pytest.raises(ValueError, match="two sentences"):
        register_actions({"test.painted": "something else"})


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditentry SET actor_name = 'x'", "DELETE FROM audit_auditentry", "TRUNCATE audit_auditentry"],
)
def test_the_database_refuses_to_change_entries(tenant_a, statement):
    entry = record("test.painted", actor=None, target=new_id(), detail={"colour": "red"})
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.filter(pk=entry.pk, actor_name="").exists()


def test_entries_of_one_organization_are_not_in_another(tenant_a, tenant_b):
    target = new_id()
    record("test.painted", actor=None, target=target, detail={"colour": "red"})
    with inside(tenant_b):
        assert not entries_for(target).exists()


def test_a_request_gives_its_context_to_the_entries_and_its_id_to_the_answer():
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request_context())
        return HttpResponse()

    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "2001:db8::1"
    answer = RequestContextMiddleware(view)(request)

    assert seen[0].ip == "2001:db8::1"
    assert answer["X-Request-ID"] == seen[0].request_id != ""
    assert request_context() == RequestContext()


def test_an_address_that_is_none_is_left_out():
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "unix:"
    seen = []
    RequestContextMiddleware(lambda _: seen.append(request_context()) or HttpResponse())(request)
    assert seen[0].ip is None
