"""Passwords that others know as well."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apps.accounts.errors import WeakPasswordError
from apps.accounts.known_passwords import is_breached_password, is_common_password, is_known_password
from apps.accounts.models import User
from apps.accounts.services.password_rules import refuse_weak_password

LISTED = [f"breached password {number}" for number in range(200)]


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def write(path: Path, passwords: list[str], *, line: str = "{digest}:{count}\n", digits: int = 40) -> str:
    lines = sorted(digest(password)[:digits] for password in passwords)
    path.write_text("".join(line.format(digest=text, count=number) for number, text in enumerate(lines)))
    return str(path)


@pytest.mark.parametrize("line", ["{digest}:{count}\n", "{digest}\n", "{digest}\r\n"])
@pytest.mark.parametrize("digits", [40, 10])
def test_every_line_of_the_list_is_found_and_nothing_else(
    settings: Any, tmp_path: Path, line: str, digits: int
) -> None:
    settings.BREACHED_PASSWORDS = write(tmp_path / "list", LISTED, line=line, digits=digits)
    assert all(is_breached_password(password) for password in LISTED)
    assert not any(is_breached_password(f"{password}!") for password in LISTED)


def test_a_list_of_lower_case_without_a_last_newline_is_read(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("\n".join(sorted(digest(password).lower() for password in LISTED[:3])))
    settings.BREACHED_PASSWORDS = str(path)
    assert [is_breached_password(password) for password in LISTED[:4]] == [True, True, True, False]


def test_without_a_list_or_with_one_that_says_nothing_none_is_breached(settings: Any, tmp_path: Path) -> None:
    settings.BREACHED_PASSWORDS = ""
    assert not is_breached_password(LISTED[0])
    settings.BREACHED_PASSWORDS = str(tmp_path / "none")
    assert not is_breached_password(LISTED[0])
    empty = tmp_path / "empty"
    empty.touch()
    settings.BREACHED_PASSWORDS = str(empty)
    assert not is_breached_password(LISTED[0])
    settings.BREACHED_PASSWORDS = write(tmp_path / "short", LISTED, digits=9)
    assert not is_breached_password(LISTED[0]), "nine digits fit too many passwords"


@given(st.sets(st.text(min_size=1, max_size=20), min_size=1, max_size=40), st.text(max_size=20))
@hypothesis_settings(deadline=None, max_examples=60)
def test_the_search_agrees_with_looking_at_every_line(passwords: set[str], other: str) -> None:
    import tempfile

    from django.test import override_settings

    from apps.accounts.models.user import normal_password

    normal = {normal_password(password) for password in passwords}
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "list", list(normal))
        with override_settings(BREACHED_PASSWORDS=path):
            assert all(is_breached_password(password) for password in normal)
            assert is_breached_password(other) == (normal_password(other) in normal)


def test_common_passwords_are_known_however_they_are_written() -> None:
    assert is_common_password(" ILoveYou1")
    assert is_known_password("iloveyou1")
    assert not is_known_password("correct horse battery staple")


def test_a_new_password_is_not_one_of_the_list(settings: Any, tmp_path: Path, tenant_a: Any) -> None:
    person = User(email="a@example.com", name="A")
    refuse_weak_password(LISTED[0], person)
    settings.BREACHED_PASSWORDS = write(tmp_path / "list", LISTED)
    with pytest.raises(WeakPasswordError) as refused:
        refuse_weak_password(LISTED[0], person)
    assert "others know" in str(refused.value.fields["reasons"])
