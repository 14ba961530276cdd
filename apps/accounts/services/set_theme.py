"""Set how pages look for one person."""

from apps.accounts.choices import Theme
from apps.accounts.errors import InvalidPreferenceError
from apps.accounts.models import User


def set_theme(user: User, *, theme: str) -> None:
    """Keep the choice with the person; InvalidPreferenceError for what is no theme. A matter of taste: not recorded."""
    if theme not in Theme.values:
        raise InvalidPreferenceError(name="theme")
    User.objects.filter(pk=user.pk).update(theme=theme)
