"""Codes of an authenticator app as RFC 6238 defines them."""

import base64

import pytest

from apps.accounts.second_factor.one_time_codes import app_set_up, code_at, matching_step, new_seed

RFC_SEED = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_the_standard(at_s: int, code: str) -> None:
    assert code_at(RFC_SEED, at_s) == code
    assert matching_step(RFC_SEED, code, at_s=at_s, used_step=-1) == at_s // 30


@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(steps: int, is_good: bool) -> None:
    at_s = 1_700_000_010
    code = code_at(RFC_SEED, at_s + 30 * steps)
    assert (matching_step(RFC_SEED, code, at_s=at_s, used_step=-1) is not None) is is_good


def test_no_code_is_good_that_is_not_newer_than_the_used_one() -> None:
    at_s = 1_700_000_010
    for steps in (-1, 0):
        assert matching_step(RFC_SEED, code_at(RFC_SEED, at_s + 30 * steps), at_s=at_s, used_step=at_s // 30) is None
    assert matching_step(RFC_SEED, code_at(RFC_SEED, at_s + 30), at_s=at_s, used_step=at_s // 30) is not None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "28708２", "２８７０８２", "-87082", "\x00" * 6])
def test_what_is_no_code_matches_nothing(typed: str) -> None:
    assert matching_step(RFC_SEED, typed, at_s=59, used_step=-1) is None


def test_a_code_may_be_typed_in_groups() -> None:
    assert matching_step(RFC_SEED, " 287 082 ", at_s=59, used_step=-1) == 1


def test_seeds_are_long_and_never_the_same() -> None:
    seeds = {new_seed() for _ in range(50)}
    assert len(seeds) == 50
    assert {len(base64.b32decode(seed)) for seed in seeds} == {20}


def test_the_picture_is_an_element_without_inline_style_or_script() -> None:
    shown = app_set_up(RFC_SEED, organization="A & B <i>", account='x"y@example.com')
    assert shown.picture.startswith("<svg ")
    assert "style" not in shown.picture
    assert "<i>" not in shown.picture
    assert shown.typed_key.replace(" ", "") == RFC_SEED
