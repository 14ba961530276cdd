"""HTML that is put together in code: what is no HTML of ours is escaped, and every picture that is named is drawn."""

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from apps.kernel.icons import icon_html
from apps.kernel.markup import filled, joined
from tests.contracts.sources import ROOT, tracked

HOSTILE = """<script>alert("1")</script> & 'x' {0} {name} %s"""


@pytest.mark.parametrize(
    "value", [HOSTILE, gettext_lazy("<b>Accept</b>"), 7, None, {"<": ">"}, SafeString("<b>ours</b>")]
)
def test_what_is_filled_in_is_what_format_html_would_write(value: object) -> None:
    assert filled('<p title="{name}">{name}</p>', name=value) == format_html('<p title="{name}">{name}</p>', name=value)
    assert joined("<br>", [value, value]) == format_html("{}<br>{}", value, value)


def test_what_was_filled_is_not_escaped_again() -> None:
    inner = filled("<b>{text}</b>", text="1 < 2")
    assert filled("<p>{inner}</p>", inner=inner) == "<p><b>1 &lt; 2</b></p>"
    assert isinstance(joined("", [inner]), SafeString)


def test_a_picture_is_drawn_whether_its_name_is_written_out_or_found() -> None:
    assert Template('{% icon "check" %}').render(Context()) == icon_html("check")
    assert Template("{% icon name %}").render(Context({"name": "pen"})) == icon_html("pen")
    assert "<script>" not in Template("{% icon name %}").render(Context({"name": '"><script>'}))


@pytest.mark.parametrize("wrong", ["{% icon %}", '{% icon "check" "pen" %}'])
def test_a_picture_has_one_name(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(wrong)


def test_every_picture_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="icon-([a-z-]+)"', (ROOT / "templates/components/icons.html").read_text()))
    pages = "".join(path.read_text() for path in tracked() if path.suffix == ".html")
    named = set(re.findall(r'{% icon "([^"]*)" %}|empty_state.html" with icon="([^"]*)"', pages))
    assert len(named) > 15
    assert {one or other for one, other in named} <= drawn
