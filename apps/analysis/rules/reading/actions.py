"""Actions against recurrence: in tables, in lists and in sentences, each with its owner, date and check.

The one reading that points and defects share: point 12 asks whether each action has all three, the defects mark what one lacks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.analysis.rules.port import Quote
from apps.analysis.rules.reading.dates import dates_in
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.facts import facts_of
from apps.analysis.rules.reading.tables import Cell, Row, Table
from apps.analysis.rules.reading.words import MONTH, PERSON, words

_FORWARD_HEADING = words(
    r"\bprevent|\bcorrective|\bnext\b|\brecommend|\blesson|\bmeasures?$|\bmeasures\b|\bgoing forward\b|\bimprove|\bwhat (?:we"
    r"|will|should|must|i) .{0,20}\b(?:do|change|changing)\b|\bwhat changes?\b"
    r"|\bfollow-?up\b|^\W{0,9}\d{0,20}\.?\s{0,9}(?:changes?|actions?|to ?-?dos?|plan|remediation)\b|\bactions?,|\bremediation\b|\baction plan\b"
)
_PAST_HEADING = words(
    r"\btaken\b|\bresolv|\bimmediate\b|\bmeasure(?:ment|d)?$|\bsuccess\b|\bmetric|\bhow we (?:will )?measure"
)
_NOT_AN_ACTION = words(
    r"\b(?:expects?|agrees?|hopes?|believes?|thinks?|knows?|understands?|means|shows?|confirms?|seems?|is satisfied|are satisfied|is pleased"
    r"|is confident|are confident)\b|^\W{0,9}(?:lessons?|measures?|metric|baseline|target|success|goal|what (?:we|i) (?:learned"
    r"|learnt|take)|we (?:learned|learnt"
    r"|hope|expect|know|trust|will (?:know|consider|regard|count|see|call))|i (?:think|hope|believe)|everybody will notice"
    r"|if\b|the (?:review|case|root cause|analysis)\b|there (?:is|are|was|were)\b|no (?:action|further)|it (?:is|was|will|should)\b"
    r"|my take|take-?aways?\b|[\w ]{3,40}: ?tb[dca]\b"
    r"|this (?:is|was|review|case)\b|thank|compare\b|because\b|as for\b|what )"
)
_PAST = words(
    r"\b(?:was|were|had|has been|have been|did|found|went|got|came|wrote|said|made|has|took|gave|sent|kept|held|began|left|met|ran|saw|brought"
    r"|built|chose|drew|knew|led|lost|paid|sold|spoke|stood|told|thought|learnt|\w{3,24}ed)\b"
)
_DUTY = words(
    r"\b(?:will|shall|should|must|needs? to|has to|have to|ought to|could be|to be|is to|are to|gets?|plans? to|considers?|intends? to"
    r"|recommends?|suggests?|proposes?|needs? (?:an?|the|more|better|new)|would be (?:good|nice|sensible|useful|helpful|desirable|worth))\b"
)
_STRONG_DUTY = words(r"\b(?:will|shall|should|must|needs? to|has to|have to|ought to|could be|(?:is|are) to be)\b")
_VERBS = (
    r"improve|raise|stay|keep|make|strengthen|train|add|update|review|introduce|change|remind|monitor|check|implement|consider"
    r"|extend|increase|reduce|define|create|build|automate|ensure|establish|go through"
    r"|go over|look at|look into|look for|set up|write|rewrite|revise|test|audit|enforce|tighten|fix|replace|remove|educate"
    r"|teach|clarify|document|communicate|share|discuss|run|enable|expand|limit|block|move|publish|align"
    r"|adjust|evaluate|explore|investigate|develop|deploy|roll out|refresh|require|inform|tell|ask|send|stop|start|watch"
    r"|follow up|re-?check|verify|assess|brief|coach|encourage|escalate|engage|optimi[sz]e|simplify|repeat"
    r"|raise awareness|prepare|schedule|hold|hire|assign|track|measure|connect|switch|enter|call|talk|speak|work|double-check"
    r"|reconcile|rotate|reset|standardi[sz]e"
)
_IMPERATIVE = words(rf"^[\W\d]{{0,9}}(?:more |better |maybe |please |also |then |not )?(?:{_VERBS})\b")
_NOUN_ACTION = words(
    r"^\W{0,9}(?:more|better|closer|regular|additional|another|an?|further|stricter|new|weekly|monthly|daily|no) (?:[a-z-]{1,30} ){0,3}[a-z-]{1,30}"
)
_PRESENT_DEED = re.compile(
    rf"^[\W\d]{{0,9}}(?:{PERSON.pattern}|[A-Z][a-z]{{1,30}})(?: \([^)]{{1,40}}\)|, [A-Z][\w ]{{2,40}},)? [a-z]{{1,30}}(?:s|es)\b"
)
_ROLE_ACTS = words(
    r"\b(?:the |our |all |every )?(?:team|desk|group|unit|department|management|reviewers?|agents?|sellers?|everybody|everyone"
    r"|all|staff|shift|investigators?|colleagues)\b"
)
_VAGUE_DATE = words(
    r"\bdate (?:follows|to follow|to be [a-z]{1,30}|open|tbd|tbc)\b|\bongoing\b|\bin due course\b|\bat some (?:point|stage|time)\b"
    r"|\bas soon as (?:possible|practicable|practical|we can)\b|\bsoon\b|\bshortly\b|\blater\b(?=[.,;]|$)"
    r"|\bwhen(?:ever)? (?:possible|time (?:allows|permits)|there is time|convenient|capacity allows)\b|\bin the (?:spring"
    r"|summer|autumn|fall|winter|near future|coming (?:weeks|months|days)|future|next (?:weeks|months))\b"
    r"|\bupon (?:confirmation|approval|completion|agreement)(?: by [\w ]{3,30})?\b|\b(?:next|this) (?:spring|summer|autumn"
    r"|winter|quarter|year|month)\b|\b(?:first|second|third|fourth) quarter\b|\bsome ?time\b|\beventually\b"
    r"|\b(?:as|if) needed\b|\bcontinuous(?:ly)?\b|\bin time\b|\bmid-?term\b|\bto be (?:agreed|scheduled|set)\b|\bopen\b$|\bpending\b"
)
_RELATIVE_DATE = words(
    rf"\b(?:within|in) (?:\d{{1,20}}|one|two|three|four|five|six|seven|ten|fourteen|thirty) (?:working )?(?:hours?|days?|weeks?"
    rf"|months?)\b|\b(?:by|until|from|before|in|on) (?:the )?(?:end of )?{MONTH}\b|\bQ[1-4]\b|\btoday\b|\btomorrow\b"
    rf"|\beach (?:week|month|monday)\b|\bsince {MONTH}\b"
)
_DONE = words(r"\b(?:is|are) (?:now )?(?:on|live|done|back|active|in place|complete)\b|\bnow\b$")
# Who merely attends needs no owner of the action.
_ATTENDS = words(r"\b(?:discuss|attend|practi[sc]e|take part|get it|train it)\b")
_CONCRETE_OWNER = re.compile(r"\b(?:I|Mr|Mrs|Ms|Dr)\b")
_COLLECTIVE = words(
    r"^\W{0,9}(?:the |our )?(?:teams?|all|everyone|everybody|management|leadership|various|desk|business|ops|operations|tbd|tbc"
    r"|n/?a|-|open|to be [a-z]{1,30}|several|both|us|we|staff|unassigned|multiple|relevant [a-z]{1,30})\W{0,9}$"
)
_OWNER_HEAD = words(r"^\W{0,9}(?:owners?|who|responsible|lead|assignee|assigned to|accountable)\W{0,9}$")
_DATE_HEAD = words(
    r"^\W{0,9}(?:dates?|due(?: date)?|when|until|deadline|by when|target date|completion|timing|by)\W{0,9}$"
)


# A first name that the document introduces nowhere, with a deed: "Jonas talks to the owners".
_SINGLE_NAME = re.compile(
    rf"\W{{0,9}}(?!(?:The|It|This|Everybody|Everyone|Somebody|Nobody)\b)[A-Z][a-z]{{1,30}} (?:{_VERBS})(?:s|es)\b"
)
_LONGEST_NAME_WORDS = 8
_LEAD_CHARS = 6
# "Responsible: Bea Holt. Due: 12 June." behind what is to be done.
_KEYED = words(r"(?:responsible|owner|who|lead|assignee|due|deadline|until|by when|date|when) ?:")
_FEWEST_KEYS = 2


@dataclass(frozen=True, slots=True)
class Action:
    """One action with the words that tell its owner, date and check; "" where there are none."""

    sentence: Sentence
    """The row, or the sentence that says what is to be done."""
    quote: Quote
    """What is to be done."""
    owner: str
    date: str
    check: str
    owner_span: tuple[int, int]
    """What a reviewer marks for a missing owner: the vague owner's cell, else the action. Characters of the sentence."""
    date_span: tuple[int, int]
    is_vague: bool = False


def actions_in(reading: DocumentReading) -> tuple[Action, ...]:
    """The actions of a document: rows of tables of actions, then list items and sentences of the sections that look forward."""
    return reading.once("actions", _find)


def _find(reading: DocumentReading) -> tuple[Action, ...]:
    found = (*_from_tables(reading), *_from_text(reading))
    # A dated check of the effect stands beside the actions and is none itself.
    return tuple(
        one for one in found if one.owner or one.sentence.line_kind == "table_row" or not (one.check and len(found) > 1)
    )


def vague_date(text: str) -> tuple[int, int] | None:
    """The words that stand for a date and are none."""
    match = _VAGUE_DATE.search(text)
    return match.span() if match else None


def _from_tables(reading: DocumentReading) -> Iterator[Action]:
    for table in reading.tables:
        is_timeline = reading.roles[table.section] == "timeline" or table.columns[:1] == ("date",)
        if not is_timeline and (table.is_of_actions or _is_by_heading(reading, table)):
            for row in table.rows:
                yield _from_row(reading.lines[row.section, row.line][0], row)


def _is_by_heading(reading: DocumentReading, table: Table) -> bool:
    return {"action", "date"} <= set(table.columns) and reading.roles[table.section] == "prevention"


def _from_row(sentence: Sentence, row: Row) -> Action:
    owner, day, check = row.cell("owner"), row.cell("date"), row.cell("check")
    told = row.cell("action") or row.cells[0]
    return Action(
        sentence,
        Quote(row.section, told.start, told.end, told.text),
        _owner_cell(owner),
        day.text if day is not None and _has_date(day.text) else "",
        check.text if check else "",
        _span(row, owner or told),
        _span(row, day or told),
        is_vague=facts_of(told.text, frozenset()).has("vague_wish"),
    )


def _owner_cell(cell: Cell | None) -> str:
    """A person or a named team; "the team", "all" and blanks are nobody."""
    if cell is None or not any(character.isalpha() for character in cell.text):
        return ""
    facts = facts_of(cell.text, frozenset())
    is_long = len(facts.tokens.words) > _LONGEST_NAME_WORDS
    return cell.text if facts.people or not (_COLLECTIVE.search(cell.text) or is_long or "[" in cell.text) else ""


def _span(row: Row, cell: Cell) -> tuple[int, int]:
    """The cell within its row; an empty one is shown by the first."""
    shown = cell if cell.text.strip() else row.cells[0]
    return shown.start - row.start, shown.end - row.start


def _from_text(reading: DocumentReading) -> Iterator[Action]:
    """A list item is one action with all its sentences; in a paragraph each sentence is one of its own."""
    done: set[tuple[int, int]] = set()
    for sentence in reading.scope("prevention"):
        place = (sentence.section, sentence.line)
        if (
            sentence.line_kind == "table_row"
            or place in done
            or _PAST_HEADING.search(reading.headings[sentence.section])
        ):
            continue
        line = reading.paragraph(sentence)
        is_keyed = sum(bool(_KEYED.match(one.text)) for one in line) >= _FEWEST_KEYS
        if is_keyed:
            done.add(place)
            yield _of_sentences(line[0], line)
        elif sentence.line_kind == "list_item":
            done.add(place)
            told = next((one for one in line if _is_action(one)), line[0] if _is_among_actions(reading, line) else None)
            if told is not None:
                yield _of_sentences(told, line)
        elif _is_action(sentence):
            yield _of_sentences(sentence, (sentence,))


def _is_among_actions(reading: DocumentReading, line: tuple[Sentence, ...]) -> bool:
    """The items before and after it in the list are actions, and it is no lesson, measure or thing that is done: it is one too."""
    if any(
        _is_other(one) or _PAST.search(one.own_words) or one.facts.has_any("lesson", "target_strong") for one in line
    ):
        return False
    section, number = line[0].section, line[0].line
    beside = [reading.lines.get((section, place), ()) for place in (number - 1, number + 1)]
    lists = [one for one in beside if one and one[0].line_kind == "list_item"]
    return bool(lists) and all(any(_is_action(sentence) for sentence in one) for one in lists)


def _is_other(sentence: Sentence) -> bool:
    text = sentence.text
    return bool(_NOT_AN_ACTION.search(text) or text.endswith("?") or len(text) < 8 or _DONE.search(text))


def _is_action(sentence: Sentence) -> bool:
    text = sentence.own_words
    if _is_other(sentence):
        return False
    is_present = bool(_PRESENT_DEED.search(text))
    if is_present and sentence.facts.people and sentence.facts.people[0].start <= _LEAD_CHARS:
        return True
    if _IMPERATIVE.search(text) or _DUTY.search(text) or is_present:
        return not _PAST.search(text) or bool(_IMPERATIVE.search(text) or _STRONG_DUTY.search(text))
    if _PAST.search(text):
        return False
    if sentence.facts.people and _has_date(text):
        return True
    return bool(_NOUN_ACTION.search(text)) or (sentence.line_kind == "list_item" and bool(_ROLE_ACTS.search(text)))


def _of_sentences(told: Sentence, line: tuple[Sentence, ...]) -> Action:
    whole = (0, len(told.text))
    return Action(
        told,
        told.quote(),
        next((owner for one in line if (owner := _owner_of(one))), ""),
        next((one.text for one in line if _has_date(one.text)), ""),
        next((one.text for one in line if one.facts.has("effect_check") and one.facts.dates), ""),
        whole,
        vague_date(told.text) or whole,
        is_vague=any(one.facts.has("vague_wish") for one in line),
    )


def _owner_of(sentence: Sentence) -> str:
    """A person by name, the writer, or a group that merely attends on a known day."""
    text = sentence.text
    if sentence.facts.people:
        return sentence.facts.people[0].name
    writer = _CONCRETE_OWNER.search(text)
    if writer:
        return writer.group()
    attends = _has_date(text) and (_ATTENDS.search(text) or re.match(r"\W{0,9}We\b", text))
    introduced = _SINGLE_NAME.match(text) and not _ROLE_ACTS.match(text.lstrip())
    return text if attends or introduced else ""


def _has_date(text: str) -> bool:
    """A day, a period from today, or at least a month by name; "in due course" and "next quarter" are none."""
    return bool(dates_in(text) or _RELATIVE_DATE.search(text))
