"""Passkeys are registered under a name, from this host's own pages, and removed."""

from typing import Any

import pytest

from apps.accounts.errors import NeedsPersonError
from apps.accounts.models import Passkey, RecoveryCode
from apps.accounts.second_factor.passkeys import RelyingParty
from apps.accounts.services.passkeys import (
    MOST_PASSKEYS_A_PERSON,
    ask_for_new_passkey,
    register_passkey,
    remove_passkey,
)
from apps.accounts.services.use_passkey import PasskeyAnswer
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.doubles.authenticator import Authenticator

OPTIONS = "/sign-in/passkey/options/"


@pytest.fixture
def client(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.analyst, tenant_a)


@pytest.fixture
def browser(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


@pytest.fixture
def device(client: Any) -> Authenticator:
    """A device with a registered passkey of the analyst."""
    made = Authenticator()
    assert phone.register(client, made).status_code == 200
    return made


def test_a_passkey_is_registered_under_its_name_and_recovery_codes_are_shown_once(client: Any, cast_a: Any) -> None:
    answer = phone.register(client, Authenticator(), "My laptop")
    assert len(phone.codes_on(answer)) == 10
    row = Passkey.objects.get()
    assert (row.owner_id, row.name, row.host) == (cast_a.analyst.pk, "My laptop", "alpha.localhost")
    assert actions() == ["passkey.registered", "recovery_codes.renewed"]
    assert phone.register(client, Authenticator(), " ").status_code == 302
    assert [passkey.name for passkey in Passkey.objects.all()] == ["My laptop", "alpha.localhost"]


def test_the_options_ask_for_a_verified_owner_and_for_this_host_alone(client: Any, device: Authenticator) -> None:
    asked = client.post("/profile/passkeys/options/").json()
    assert asked["rp"]["id"] == "alpha.localhost"
    chosen = asked["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert [known["id"] for known in asked["excludeCredentials"]] == [Passkey.objects.get().credential_id]
    shown = client.post(OPTIONS).json()
    assert (shown["rpId"], shown["userVerification"]) == ("alpha.localhost", "required")


@pytest.mark.parametrize("wrong", phone.WRONG, ids=str)
def test_nothing_is_registered_from_another_page_or_host_or_without_its_owner(
    client: Any, wrong: dict[str, Any]
) -> None:
    assert phone.register(client, Authenticator(**wrong)).status_code == 400
    assert not Passkey.objects.exists()
    assert phone.register(client, Authenticator()).status_code == 200


def test_no_passkey_is_registered_twice(
    client: Any, client_for: Any, cast_a: Any, tenant_a: Any, device: Authenticator
) -> None:
    twin = Authenticator(credential_id=device.credential_id)
    assert phone.register(client_for(cast_a.viewer, tenant_a), twin).status_code == 400
    assert Passkey.objects.get().owner_id == cast_a.analyst.pk


def test_an_id_that_is_too_long_is_refused(client: Any) -> None:
    assert phone.register(client, Authenticator(credential_id=b"x" * 1024)).status_code == 400
    assert phone.register(client, Authenticator(credential_id=b"x" * 1023)).status_code == 200


def test_there_are_twenty_passkeys_a_person_at_most(client: Any, cast_a: Any) -> None:
    for number in range(MOST_PASSKEYS_A_PERSON):
        Passkey.objects.create(owner=cast_a.analyst, name="x", host="h", credential_id=str(number), public_part=b"x")
    answer = client.post("/profile/passkeys/options/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_passkeys")


def test_a_removed_passkey_signs_nobody_in(client: Any, browser: Any, device: Authenticator) -> None:
    row = Passkey.objects.get()
    assert client.post(f"/profile/passkeys/{row.pk}/remove/").status_code == 302
    assert phone.show(browser, device).status_code == 400
    assert phone.give_password(browser)["Location"] == "/"
    assert not RecoveryCode.objects.exists()
    assert client.post(f"/profile/passkeys/{row.pk}/remove/").status_code == 404
    assert "passkey.removed" in actions()


def test_nobody_removes_somebody_elses_passkey(
    client_for: Any, cast_a: Any, tenant_a: Any, device: Authenticator
) -> None:
    row = Passkey.objects.get()
    assert client_for(cast_a.org_admin, tenant_a).post(f"/profile/passkeys/{row.pk}/remove/").status_code == 404
    assert Passkey.objects.filter(pk=row.pk).exists()


def test_an_api_key_registers_and_removes_none(cast_a: Any, device: Authenticator) -> None:
    cast_a.analyst.key_scopes = frozenset({"read_documents"})
    party = RelyingParty("alpha.localhost", "http://alpha.localhost", "Alpha")
    with pytest.raises(NeedsPersonError):
        ask_for_new_passkey(cast_a.analyst, party)
    with pytest.raises(NeedsPersonError):
        register_passkey(cast_a.analyst, PasskeyAnswer("{}", "c", party, ""), name="x")
    with pytest.raises(NeedsPersonError):
        remove_passkey(cast_a.analyst, passkey_id=Passkey.objects.get().pk)
