"""Say how the organization looks."""

import hashlib
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability
from apps.accounts.colours import LEAST_CONTRAST, Scheme, is_colour, lowest_contrast
from apps.accounts.errors import ColourRefusedError, InvalidLookError, LogoRefusedError
from apps.accounts.logo import UnusableLogoError, small_png
from apps.accounts.look import keep_look, look_of
from apps.accounts.models import Branding, User
from apps.accounts.models.branding import LONGEST_DISPLAY_NAME, LONGEST_SIGN_IN_TEXT
from apps.accounts.policies import require
from apps.kernel.audit.record import record
from apps.kernel.tenancy.context import current_tenant, inside


@dataclass(frozen=True, slots=True)
class LookChange:
    """All that is said in words; what is empty looks as the product does."""

    display_name: str = ""
    sign_in_text: str = ""
    light_accent: str = ""
    dark_accent: str = ""
    sender_name: str = ""
    reply_to: str = ""


@transaction.atomic
def change_look(user: User, *, change: LookChange) -> Branding:
    """The look as it is now; the logo stays. NotAllowedError, InvalidLookError, ColourRefusedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    said = asdict(_checked(change))
    row = _locked()
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        _keep(user, row, what=", ".join(changed))
    return row


@transaction.atomic
def set_logo(user: User, *, content: bytes) -> Branding:
    """The look with this picture, written anew and small. NotAllowedError, LogoRefusedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    try:
        picture = small_png(content)
    except UnusableLogoError as error:
        raise LogoRefusedError(problem=_sentence(error.problem)) from error
    row = _locked()
    row.logo, row.logo_tag = picture, hashlib.sha256(picture).hexdigest()[:16]
    _keep(user, row, what="logo")
    return row


@transaction.atomic
def remove_logo(user: User) -> Branding:
    """The look without a logo. NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    row = _locked()
    if row.logo_tag:
        row.logo, row.logo_tag = None, ""
        _keep(user, row, what="logo")
    return row


@transaction.atomic
def reset_look(user: User) -> None:
    """The product's own look again. NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    row = _locked()
    for name, value in asdict(LookChange()).items():
        setattr(row, name, value)
    row.logo, row.logo_tag = None, ""
    row.save()
    record("look.reset", actor=user, target=row.pk)
    _tell(row)


def _locked() -> Branding:
    Branding.objects.get_or_create(is_only=True)
    return Branding.objects.select_for_update().get()


def _keep(user: User, row: Branding, *, what: str) -> None:
    row.save()
    record("look.changed", actor=user, target=row.pk, detail={"what": what})
    _tell(row)


def _tell(row: Branding) -> None:
    look, tenant = look_of(row), current_tenant()

    def keep() -> None:
        # A commit may come when the organization has been left.
        with inside(tenant):
            keep_look(look)

    transaction.on_commit(keep)


def _checked(change: LookChange) -> LookChange:
    name, sender = (" ".join(text.split()) for text in (change.display_name, change.sender_name))
    text = "\n".join(line.rstrip() for line in change.sign_in_text.strip().splitlines())
    said = LookChange(
        display_name=name,
        sign_in_text=text,
        light_accent=change.light_accent.strip().lower(),
        dark_accent=change.dark_accent.strip().lower(),
        sender_name=sender,
        reply_to=change.reply_to.strip(),
    )
    if not (name.isprintable() and sender.isprintable() and text.replace("\n", "").isprintable()):
        raise InvalidLookError
    if max(len(name), len(sender)) > LONGEST_DISPLAY_NAME or len(text) > LONGEST_SIGN_IN_TEXT:
        raise InvalidLookError
    _refuse_unreadable(said.light_accent, Scheme.LIGHT)
    _refuse_unreadable(said.dark_accent, Scheme.DARK)
    if said.reply_to:
        try:
            validate_email(said.reply_to)
        except ValidationError as error:
            raise InvalidLookError from error
    return said


def _refuse_unreadable(accent: str, scheme: Scheme) -> None:
    if not accent:
        return
    if not is_colour(accent):
        raise ColourRefusedError(
            problem=_("A colour is written as # and six digits of 0-9 and a-f."), scheme=scheme.value
        )
    found = lowest_contrast(accent, scheme)
    if found < LEAST_CONTRAST:
        ground = _("on light ground") if scheme is Scheme.LIGHT else _("on dark ground")
        sentence = _("%(colour)s is hard to read %(ground)s: its contrast is %(found)s, and 4.5 is needed.")
        # Rounded down: 4.496 is not enough, and must not be told as 4.5.
        shown = f"{int(found * 100) / 100:.2f}"
        raise ColourRefusedError(
            problem=sentence % {"colour": accent, "ground": ground, "found": shown}, scheme=scheme.value
        )


def _sentence(problem: str) -> str:
    return {
        "too_large": _("The file is larger than 1 MB."),
        "no_picture": _("This is no PNG, JPEG or WebP picture."),
        "too_many_pixels": _("The picture has more than 16 million pixels."),
    }[problem]
