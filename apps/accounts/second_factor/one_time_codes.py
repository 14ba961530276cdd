"""Codes of an authenticator app: RFC 6238 with SHA-1, six digits and steps of thirty seconds, as every app understands them."""

import base64
import os
from dataclasses import dataclass
from urllib.parse import quote

import segno
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_S = 30
DIGITS = 6
SEED_BYTES = 20
PURPOSE = "accounts.authenticator_app"
"""What a seed is sealed for."""


@dataclass(frozen=True, slots=True)
class AppSetUp:
    """What somebody needs to put the seed into an app: a picture to scan, or a key to type."""

    picture: str
    typed_key: str


def new_seed() -> str:
    """A fresh seed in base32: 160 random bits, as RFC 4226 recommends."""
    return base64.b32encode(os.urandom(SEED_BYTES)).decode("ascii")


def matching_step(seed: str, code: str, *, at_s: int, used_step: int) -> int | None:
    """The step whose code this is, of the current one and its two neighbours; None for any other, and for one that is not newer than
    `used_step`: a code is good once, and no older one after it.
    """
    wanted = "".join(code.split()).encode()
    clock, found = _clock(seed), None
    for step in range(at_s // STEP_S - 1, at_s // STEP_S + 2):
        # Every step is compared, so that the time taken does not say which one fits.
        if bytes_eq(clock.generate(step * STEP_S), wanted) and step > used_step:
            found = step
    return found


def code_at(seed: str, at_s: int) -> str:
    """What an app shows at this time."""
    return _clock(seed).generate(at_s).decode("ascii")


def app_set_up(seed: str, *, organization: str, account: str) -> AppSetUp:
    """The QR code as an <svg> element without inline style, and the key in groups of four."""
    label = quote(f"{organization}:{account}", safe="")
    uri = f"otpauth://totp/{label}?secret={seed}&issuer={quote(organization, safe='')}"
    picture = segno.make(uri, error="m", micro=False).svg_inline(omitsize=True, svgclass="qr", lineclass="qr__dots")
    return AppSetUp(picture=picture, typed_key=" ".join(seed[at : at + 4] for at in range(0, len(seed), 4)))


def _clock(seed: str) -> TOTP:
    return TOTP(base64.b32decode(seed), DIGITS, SHA1(), STEP_S)  # noqa: S303 - RFC 6238's own hash; apps know no other
