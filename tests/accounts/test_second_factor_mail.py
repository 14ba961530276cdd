"""Whoever owns an account hears of every change of its second factors: it may not have been them."""

from typing import Any
from uuid import uuid4

import pytest
from django.core import mail

from apps.accounts.events import FactorChange
from apps.accounts.models import Passkey
from apps.accounts.services.send_link import send_factor_changed
from tests.accounts import second_factors as phone
from tests.doubles.authenticator import Authenticator


@pytest.fixture
def client(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.analyst, tenant_a)


def _said() -> list[str]:
    for message in mail.outbox:
        assert message.to == ["analyst@example.com"]
        assert "http://alpha.localhost:8000/profile/second-factor/" in str(message.body)
    return [str(message.body).split("\n\n")[1] for message in mail.outbox]


def test_an_app_is_told_when_it_comes_and_when_it_goes(client: Any) -> None:
    phone.set_up_app(client)
    assert client.post("/profile/second-factor/app/remove/").status_code == 302
    assert _said() == [
        "An authenticator app was set up for your account.",
        "The authenticator app of your account was removed.",
    ]


def test_a_passkey_is_told_when_it_comes_and_when_it_goes(client: Any) -> None:
    phone.register(client, Authenticator())
    assert client.post(f"/profile/passkeys/{Passkey.objects.get().pk}/remove/").status_code == 302
    assert _said() == ["A passkey was registered for your account.", "A passkey of your account was removed."]


def test_new_recovery_codes_are_told_and_the_mail_holds_none_of_them(client: Any) -> None:
    phone.set_up_app(client)
    codes = phone.codes_on(client.post("/profile/second-factor/codes/"))
    assert len(codes) == 10
    assert _said()[1:] == ["New recovery codes were made for your account; the old ones do not work any more."]
    assert not any(code in str(message.body) for code in codes for message in mail.outbox)


def test_a_refused_change_is_not_told(client: Any) -> None:
    assert client.post("/profile/second-factor/app/remove/").status_code == 404
    assert client.post("/profile/second-factor/codes/").status_code == 409
    assert mail.outbox == []


def test_an_administrator_who_takes_them_away_is_told_of(
    client: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    phone.set_up_app(client)
    admin = client_for(cast_a.org_admin, tenant_a)
    assert admin.post(f"/people/{cast_a.analyst.pk}/second-factors/remove/").status_code == 302
    assert _said()[1:] == [
        "An administrator took the second factors of your account away; you are signed out everywhere."
    ]


def test_the_mail_is_in_the_readers_language_and_only_for_those_who_are_here(cast_a: Any) -> None:
    cast_a.analyst.language = "de"
    cast_a.analyst.save()
    send_factor_changed(cast_a.analyst.pk, FactorChange.APP_SET_UP)
    assert "Authenticator-App" in str(mail.outbox[0].body)
    cast_a.analyst.is_active = False
    cast_a.analyst.save()
    send_factor_changed(cast_a.analyst.pk, FactorChange.APP_SET_UP)
    send_factor_changed(uuid4(), FactorChange.APP_SET_UP)
    assert len(mail.outbox) == 1
