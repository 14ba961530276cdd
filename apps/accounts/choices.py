"""The words of people and their preferences."""

from zoneinfo import available_timezones

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import RoleName

ROLE_CHOICES = [
    (RoleName.VIEWER.value, _("Viewer")),
    (RoleName.ANALYST.value, _("Analyst")),
    (RoleName.TEAM_LEAD.value, _("Team lead")),
    (RoleName.ORG_ADMIN.value, _("Organization administrator")),
    (RoleName.SYSTEM_ADMIN.value, _("Platform operator")),
]


class Theme(models.TextChoices):
    """How pages look; automatic follows the device."""

    AUTO = "auto", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def time_zone_names() -> list[str]:
    """The zones that people can choose, by region and place; neither aliases like `EST` nor fixed offsets."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return ["UTC", *sorted(name for name in available_timezones() if name.startswith(regions))]
