"""`{% icon "check" %}`: a picture. A page has hundreds, so one whose name is written out is drawn when the template is read, not with each page."""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from apps.kernel.icons import icon_html

register = template.Library()


class IconNode(Node):
    """A picture whose name is known only when the page is drawn."""

    child_nodelists: tuple[str, ...] = ()
    nodelist: NodeList

    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        """The picture."""
        return icon_html(str(self.name.resolve(context)))


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """The picture of this name: a text, or a variable."""
    parts = token.split_contents()
    if len(parts) != 2:
        message = f"{parts[0]} takes one name"
        raise template.TemplateSyntaxError(message)
    name = parser.compile_filter(parts[1])
    return IconNode(name) if name.is_var or name.filters else TextNode(icon_html(str(name.var)))
