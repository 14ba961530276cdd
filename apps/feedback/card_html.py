"""The card of an item as HTML, for the desk and for the part that htmx swaps in. Whatever a person or a model wrote is escaped by `filled`.

A desk has up to hundreds of cards, and drawing them from templates took most of its time. What is the same on every card of a page (its
words in the reader's language, the form's token) is looked up once, by the CardWriter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.template.defaultfilters import floatformat, linebreaksbr, truncatechars
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.analysis.choices import ITEM_TYPES, RISKS, Engine
from apps.analysis.rules.port import ItemType, Risk
from apps.feedback.choices import ItemState, Verdict
from apps.feedback.models import Item
from apps.kernel.http.links import link_to
from apps.kernel.icons import icon_html
from apps.kernel.markup import filled, joined

_LONGEST_QUOTE = 240
_LONGEST_SUMMARY = 120
_RISK_ICONS = {Risk.HIGH.value: "alert-full", Risk.MEDIUM.value: "alert"}

_CARD = """<article class="item item--{tone} item--{state}" id="item-{key}" data-item-id="{key}" data-section-id="{section}" \
data-start="{start}" data-revision="{revision}" data-state="{state}" data-tone="{tone}" data-risk="{risk}" data-points="{points}" \
tabindex="0" aria-labelledby="item-title-{key}"{hidden}>
  {warning}{content}
  {deeds}
</article>"""
_HEAD = """<span class="item__head">{state}{risk}
  <span class="item__title" id="item-title-{key}">{titles}</span></span>"""
_BODY = """<div class="item__body">
  <a class="{look}" href="#section-{section}" data-show-words{title}>{quote}</a>
  <p class="item__description">{description}</p>
  {more}
  <p class="item__source">{source}</p>
</div>"""
_FOLD = """<details class="item__fold"{is_open}>
  <summary class="item__summary">{head}<span class="item__short">{short}</span></summary>
  {body}
</details>"""
_DEEDS = """<footer class="item__deeds">
  {form}
  <a class="btn btn-sm btn-quiet" href="{url}" hx-get="{url}" hx-target="#item-{key}" hx-swap="outerHTML" data-key="e">\
{icon} {word} <kbd aria-hidden="true">e</kbd></a>
</footer>"""
_DECIDE = """<form method="post" action="{url}" hx-post="{url}" hx-target="#item-{key}" hx-swap="outerHTML" hx-sync="this:drop">
  {token}<input type="hidden" name="revision" value="{revision}">
  {buttons}
</form>"""
_REMOVE = """<form method="post" action="{url}" hx-post="{url}" hx-target="#item-{key}" hx-swap="delete" data-behaviour="confirm" \
data-confirm="{question}" data-confirm-yes="{word}">{token}<button class="btn btn-sm btn-quiet" type="submit">{icon} {word}</button></form>"""
_FORGERY_GUARD = '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
_BUTTON = """<button class="btn btn-sm btn-{look}" type="submit" name="verdict" value="{verdict}" data-key="{letter}">\
{word} <kbd aria-hidden="true">{letter}</kbd></button>"""
_SUGGESTION = '<p class="item__suggestion">{icon}<span><span class="visually-hidden">{word}: </span>{text}</span></p>'
_MORE = '<details class="item__more"><summary>{word}</summary>{text}</details>'
_HISTORY = """<details class="item__more needs-script"><summary>{word}</summary>\
<div hx-get="{url}?show=history" hx-trigger="toggle from:closest details once"></div></details>"""
_POINT = '<span class="item__number">{number}</span> {title}'
_STATE = '<span class="state state--{state}">{icon} {word}</span>\n  '
_RISK = '<span class="risk risk--{look}">{icon} {word}</span>'


@dataclass(frozen=True, slots=True)
class CardReader:
    """Who looks at the cards: may they decide, and the token that their forms carry."""

    user_id: UUID
    may_decide: bool
    csrf_token: str


class CardWriter:
    """Writes cards for one reader in the active language. `titles` are the framework's, by the number of the point."""

    def __init__(self, reader: CardReader, titles: Mapping[int, str]) -> None:
        self._reader = reader
        self._titles = titles
        self._words = _words()
        self._types, self._risks, self._states = _spoken(ITEM_TYPES), _spoken(RISKS), _spoken(ItemState.choices)
        self._token = filled(_FORGERY_GUARD, token=reader.csrf_token)
        self._shares: dict[float, str] = {}
        self._buttons = {state.value: _buttons(state, self._words) for state in ItemState}

    def card(self, item: Item, *, is_shown: bool = True, warning: str = "") -> SafeString:
        """One card; a decided one is folded, and one that the filter leaves out is there but hidden."""
        head, body = self._head(item), self._body(item)
        is_folded = item.state != ItemState.OPEN
        return filled(
            _CARD,
            key=item.id,
            tone=item.tone,
            state=item.state,
            section=item.section_id,
            start=item.start,
            revision=item.revision,
            risk="" if item.type == ItemType.POSITIVE else item.risk,
            points=" ".join(map(str, item.points)),
            hidden="" if is_shown else " hidden",
            warning=_warning(warning),
            content=_folded(item, head, body, is_open=bool(warning)) if is_folded else joined("\n  ", (head, body)),
            deeds=self._deeds(item) if self._reader.may_decide else "",
        )

    def _head(self, item: Item) -> SafeString:
        """Where it stands, how bad it is, what it is about."""
        points = (filled(_POINT, number=number, title=self._titles.get(number, "")) for number in item.points)
        titles = joined(" · ", points) or self._types.get(item.type, item.type)
        state = self._state(item) if item.state != ItemState.OPEN else ""
        return filled(_HEAD, state=state, risk=self._risk(item), key=item.id, titles=titles)

    def _state(self, item: Item) -> SafeString:
        icon = icon_html("check" if item.state == ItemState.ACCEPTED else "cross")
        word = self._words["reworded"] if item.reworded_description else self._states[item.state]
        return filled(_STATE, state=item.state, icon=icon, word=word)

    def _risk(self, item: Item) -> SafeString:
        kind = self._types.get(item.type, item.type)
        if item.type == ItemType.POSITIVE:
            return _risk_html("good", "check", kind)
        if item.is_own_remark:
            return _risk_html("own", "pen", self._words["remark"])
        risk = _risk_html(item.risk.lower(), _RISK_ICONS.get(item.risk, "info"), self._risks.get(item.risk, item.risk))
        if item.state != ItemState.OPEN:
            return risk
        return filled('{risk} <span class="item__type">{kind}</span>', risk=risk, kind=kind)

    def _body(self, item: Item) -> SafeString:
        has_quote = bool(item.quote)
        return filled(
            _BODY,
            section=item.section_id,
            look="item__quote" if has_quote else "item__where",
            title=filled(' title="{word}"', word=self._words["show"]) if has_quote else "",
            quote=cut(item.quote, _LONGEST_QUOTE) if has_quote else self._words["whole_section"],
            description=_lines(item.shown_description),
            more=joined("\n  ", self._more(item)),
            source=self._source(item),
        )

    def _more(self, item: Item) -> Iterable[SafeString]:
        """What is there for some items only."""
        words = self._words
        if item.shown_suggestion:
            text = _lines(item.shown_suggestion)
            yield filled(_SUGGESTION, icon=icon_html("arrow"), word=words["suggestion"], text=text)
        if item.example:
            yield filled(_MORE, word=words["example"], text=_paragraph(item.example))
        if item.questions:
            questions = joined("", (filled("<li>{text}</li>", text=question) for question in item.questions))
            yield filled(_MORE, word=words["questions"], text=filled("<ul>{questions}</ul>", questions=questions))
        if item.reworded_description:
            before = joined("", (_paragraph(text) for text in (item.description, item.suggestion) if text))
            yield filled(_MORE, word=words["first_written"], text=before)
        if item.revision:
            yield filled(_HISTORY, word=words["who_decided"], url=link_to("feedback:item", item.id))

    def _source(self, item: Item) -> str:
        """Who says so, and how sure it is; plain text."""
        words = self._words
        if item.author is not None:
            source = words["written_by"] % {"name": item.author.name}
        else:
            model = f"{item.model_id} ({item.prompt_version})"
            by_rules = words["rules"] if item.engine != Engine.MODEL else ""
            source = by_rules if item.engine == Engine.RULES else " + ".join(filter(None, (by_rules, model)))
            source += f", {words['cached']}" if item.is_cached else ""
            source += f" · {words['confidence']} {self._share(item.confidence)}"
        return f"{source} · {words['hidden']}" if item.is_hidden and item.state == ItemState.OPEN else source

    def _share(self, confidence: float) -> str:
        """Spelled out once a page for each that occurs: there are few."""
        if confidence not in self._shares:
            self._shares[confidence] = floatformat(confidence, 2)
        return self._shares[confidence]

    def _deeds(self, item: Item) -> SafeString:
        own = item.is_own_remark and item.author_id == self._reader.user_id
        form = self._removal(item) if own else self._decision(item)
        url = link_to("feedback:reword", item.id)
        return filled(_DEEDS, form=form, url=url, key=item.id, icon=icon_html("pen"), word=self._words["reword"])

    def _decision(self, item: Item) -> SafeString:
        return filled(
            _DECIDE,
            url=link_to("feedback:decide", item.id),
            key=item.id,
            token=self._token,
            revision=item.revision,
            buttons=self._buttons[item.state],
        )

    def _removal(self, item: Item) -> SafeString:
        return filled(
            _REMOVE,
            url=link_to("feedback:remove", item.id),
            key=item.id,
            token=self._token,
            icon=icon_html("cross"),
            word=self._words["remove"],
            question=self._words["remove_question"],
        )


def cut(text: str, longest: int) -> str:
    """As the filter `truncatechars`, which is slow also where nothing is to be cut."""
    return text if len(text) <= longest else str(truncatechars(text, longest))


def _words() -> dict[str, str]:
    return {
        "accept": _("Accept"),
        "cached": _("from the cache"),
        "confidence": _("confidence"),
        "example": _("Example"),
        "first_written": _("As it was first written"),
        "hidden": _("under the confidence threshold"),
        "questions": _("Questions to ask"),
        "reject": _("Reject"),
        "remark": _("Remark"),
        "remove": _("Remove"),
        "remove_question": _("Remove your remark?"),
        "reword": _("Reword"),
        "reworded": _("Accepted, reworded"),
        "rules": _("Built-in rules"),
        "show": _("Show in the document"),
        "suggestion": _("Suggestion"),
        "take_back": _("Take back"),
        "who_decided": _("Who decided"),
        "whole_section": _("On the section as a whole"),
        "written_by": _("Written by %(name)s"),
    }


def _spoken(choices: Iterable[tuple[str, str | Promise]]) -> dict[str, str]:
    """A choice's words in the active language, by its value."""
    return {value: str(label) for value, label in choices}


def _buttons(state: ItemState, words: Mapping[str, str]) -> SafeString:
    """What can be decided on an item in this state."""
    if state == ItemState.OPEN:
        accept = _button("accept", Verdict.ACCEPTED, "a", _with_icon("check", words["accept"]))
        return joined("\n  ", (accept, _button("reject", Verdict.REJECTED, "r", _with_icon("cross", words["reject"]))))
    if state == ItemState.REJECTED:
        other = _button("quiet", Verdict.ACCEPTED, "a", words["accept"])
    else:
        other = _button("quiet", Verdict.REJECTED, "r", words["reject"])
    return joined("\n  ", (_button("quiet", Verdict.REVERTED, "u", _with_icon("undo", words["take_back"])), other))


def _button(look: str, verdict: Verdict, letter: str, word: str) -> SafeString:
    return filled(_BUTTON, look=look, verdict=verdict.value, letter=letter, word=word)


def _with_icon(icon: str, word: str) -> SafeString:
    return joined(" ", (icon_html(icon), word))


def _folded(item: Item, head: SafeString, body: SafeString, *, is_open: bool) -> SafeString:
    short = cut(item.shown_description, _LONGEST_SUMMARY)
    return filled(_FOLD, is_open=" open" if is_open else "", head=head, short=short, body=body)


def _warning(warning: str) -> SafeString:
    if not warning:
        return SafeString("")
    return filled('<p class="alert alert-warning item__warning" role="alert">{warning}</p>', warning=warning)


def _risk_html(look: str, icon: str, word: str) -> SafeString:
    return filled(_RISK, look=look, icon=icon_html(icon), word=word)


def _paragraph(text: str) -> SafeString:
    return filled("<p>{text}</p>", text=_lines(text))


def _lines(text: str) -> SafeString:
    """As the filter `linebreaksbr`, which is slow also where there is one line."""
    return linebreaksbr(text) if "\n" in text or "\r" in text else filled("{text}", text=text)
