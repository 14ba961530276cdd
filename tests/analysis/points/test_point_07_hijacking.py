"""Point 7: signs of a takeover, the holder's authentication, and the other users."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict

BOTH = "On 3 July Ines called the owner at the number registered in 2020 and he entered the code of his authenticator. She went through the two other users with him; he confirmed both."


@pytest.mark.parametrize(
    "sign",
    [
        "The log shows a sign-in from a new country.",
        "The bank account was changed on 2 July.",
        "An unknown user was on the list.",
    ],
)
def test_both_checks_satisfy_whatever_the_sign(sign: str):
    assert status(7, ("Account", f"{sign} {BOTH}")) is SATISFIED


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Mail", "We did not make these changes. Nobody here works at night.", "email"),
        ("Log", "2025-04-09 22:47 user=owner password reset by mail, device=unknown", "log"),
        ("Mail", "The offer was edited by the login of an employee who left in June.", "email"),
        ("Account", "The contact e-mail had been changed on Friday and there was a new bank account.", "narrative"),
        (
            "Account",
            "The seller says the upload came from a former employee, but for us the listing counts.",
            "narrative",
        ),
        ("Account", "The account was hacked, I am sure.", "narrative"),
    ],
)
def test_a_sign_that_nobody_examines_is_a_gap(title: str, text: str, kind: str):
    found = verdict(7, ("Case", "The offers were removed on 3 May."), (title, text, kind))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.section == 1


def test_the_holder_alone_is_half_of_it():
    found = verdict(
        7,
        (
            "Account",
            "The log shows a login from an unknown device. The owner entered the code of his authenticator on 3 July.",
        ),
    )
    assert found.status is GAP
    assert "other users" in found.reason


def test_the_other_users_alone_are_half_of_it():
    found = verdict(
        7, ("Account", "The bank account was changed. Ines reviewed the other users on 3 July and removed none.")
    )
    assert found.status is GAP
    assert "holder was not authenticated" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "The seller changed its prices.",
        "Nothing points to a takeover: no unusual sign-in and no changed details.",
        "The vendor opened a new market in another country.",
    ],
)
def test_without_a_sign_nothing_applies(text: str):
    assert status(7, text) is NOT_APPLICABLE
