"""One's own profile: preferences, theme, password."""

from typing import Any

import pytest

from apps.accounts.errors import InvalidPreferenceError, NeedsPersonError
from apps.accounts.models import User
from apps.accounts.services.change_password import change_password
from apps.accounts.services.update_profile import ProfileChange, update_profile
from tests.accounts.conftest import actions
from tests.conftest import PASSWORD

GOOD = {"name": "Ana Lyst", "language": "de", "theme": "dark", "time_zone": "Europe/Berlin"}
NEW = "nine quiet lanterns at dusk"


@pytest.fixture
def client(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.analyst, tenant_a)


def test_preferences_are_kept(client: Any, cast_a: Any) -> None:
    assert client.post("/profile/", GOOD).status_code == 302
    person = User.objects.get(pk=cast_a.analyst.pk)
    assert {field: getattr(person, field) for field in GOOD} == GOOD
    assert person.keys_enabled is False
    assert actions() == ["person.profile_changed"]


def test_the_page_speaks_the_chosen_language(client: Any) -> None:
    assert client.get("/profile/")["Content-Language"] == "en"
    client.post("/profile/", GOOD)
    assert client.get("/profile/")["Content-Language"] == "de"


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx"},
        {"theme": "pink"},
        {"time_zone": "Mars/Base"},
        {"time_zone": "../../etc/passwd"},
        {"name": ""},
        {"name": "x" * 151},
    ],
)
def test_what_is_no_choice_is_refused_and_nothing_is_kept(client: Any, cast_a: Any, wrong: dict[str, str]) -> None:
    assert client.post("/profile/", {**GOOD, **wrong}).status_code == 400
    with pytest.raises(InvalidPreferenceError):
        update_profile(cast_a.analyst, change=ProfileChange(**wrong))  # type: ignore[arg-type]
    assert User.objects.get(pk=cast_a.analyst.pk).name == "Analyst"
    assert actions() == []


def test_a_name_is_shown_as_text(client: Any) -> None:
    client.post("/profile/", {**GOOD, "language": "en", "name": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in client.get("/profile/").content.decode()


def test_role_and_address_cannot_be_smuggled_in(client: Any, cast_a: Any) -> None:
    client.post("/profile/", {**GOOD, "role": "org_admin", "email": "x@example.com", "is_active": "1"})
    person = User.objects.get(pk=cast_a.analyst.pk)
    assert (person.role, person.email) == ("analyst", "analyst@example.com")


def test_the_theme_is_kept_without_leaving_the_page(client: Any, cast_a: Any) -> None:
    assert client.post("/profile/theme/", {"theme": "dark"}).status_code == 204
    assert User.objects.get(pk=cast_a.analyst.pk).theme == "dark"
    assert client.post("/profile/theme/", {"theme": "light"}, HTTP_SEC_FETCH_MODE="navigate").status_code == 302
    assert client.post("/profile/theme/", {"theme": "pink"}).status_code == 400
    assert User.objects.get(pk=cast_a.analyst.pk).theme == "light"


def test_the_profile_is_for_those_who_are_signed_in(anonymous_client: Any, tenant_a: Any) -> None:
    guest = anonymous_client(tenant_a)
    assert guest.get("/profile/")["Location"] == "/sign-in/?next=/profile/"
    assert guest.post("/profile/", GOOD)["Location"] == "/sign-in/?next=/"
    asked = guest.get("/profile/", HTTP_HX_REQUEST="true")
    assert (asked.status_code, asked["HX-Redirect"]) == (401, "/sign-in/")


def test_a_new_password_keeps_this_session_and_ends_the_others(
    client: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    elsewhere = client_for(cast_a.analyst, tenant_a)
    assert elsewhere.get("/profile/").status_code == 200
    answer = client.post("/profile/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 302
    assert client.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert User.objects.get(pk=cast_a.analyst.pk).check_password(NEW)
    assert actions() == ["person.password_changed"]


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"current": "wrong"}, 400, "The current password is wrong."),
        ({"password": "short", "again": "short"}, 400, "too short"),
        ({"again": "something else"}, 400, "The two passwords differ."),
    ],
)
def test_a_wrong_change_of_password_says_why(
    client: Any, cast_a: Any, changes: dict[str, str], status: int, reason: str
) -> None:
    answer = client.post("/profile/password/", {"current": PASSWORD, "password": NEW, "again": NEW, **changes})
    assert answer.status_code == status
    assert reason in answer.content.decode()
    assert User.objects.get(pk=cast_a.analyst.pk).check_password(PASSWORD)


def test_the_current_password_cannot_be_guessed_without_end(client: Any) -> None:
    for _ in range(10):
        client.post("/profile/password/", {"current": "wrong", "password": NEW, "again": NEW})
    assert client.post("/profile/password/", {"current": PASSWORD, "password": NEW, "again": NEW}).status_code == 429


def test_a_key_cannot_change_the_password(cast_a: Any) -> None:
    cast_a.analyst.key_scopes = frozenset({"read_documents"})
    with pytest.raises(NeedsPersonError):
        change_password(cast_a.analyst, current=PASSWORD, new=NEW, address="")
