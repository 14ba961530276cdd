"""The words of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    """Whether people still decide."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("finished")


class Verdict(models.TextChoices):
    """What a person decided on an item; `reverted` takes the last decision back."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    REWORDED = "reworded", _("accepted, reworded")
    REVERTED = "reverted", _("open again")


class ItemState(models.TextChoices):
    """Where an item stands: the outcome of its last decision."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
