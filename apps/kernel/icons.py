"""The pictures of templates/components/icons.html, by name. A picture has no meaning of its own: the words are beside it."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(maxsize=256)
def icon_html(name: str) -> SafeString:
    """The picture of this name as it stands in a page."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-{}"/></svg>', name)
