"""Which sentences are actions for the future, and what each says of owner and date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.analysis.rules.defects.mark import words
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.tables import Cell, Row
from apps.analysis.rules.reading.words import DATE, MONTH, PERSON

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
    r"|hope|expect|know|trust|will know)|i (?:think|hope|believe)|everybody will notice"
    r"|if\b|the (?:review|case|root cause|analysis)\b|there (?:is|are|was|were)\b|no (?:action|further)|it (?:is|was)\b"
    r"|this (?:is|was|review|case)\b|thank|compare\b|because\b|as for\b|what )"
)
_PAST = words(
    r"\b(?:was|were|had|has been|have been|did|found|went|got|came|wrote|said|made|has|took|gave|sent|kept|held|began|left|met|ran|saw|brought"
    r"|built|chose|drew|knew|led|lost|paid|sold|spoke|stood|told|thought|learnt|\w{3,24}ed)\b"
)
_DUTY = words(
    r"\b(?:will|shall|should|must|needs? to|has to|have to|ought to|could be|to be|is to|are to|gets?|plans? to|considers?|intends? to)\b"
)
_STRONG_DUTY = words(r"\b(?:will|shall|should|must|needs? to|has to|have to|ought to|could be)\b")
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
_IMPERATIVE = words(rf"^\W{{0,9}}(?:more |better |maybe |please |also |then |not )?(?:{_VERBS})\b")
_NOUN_ACTION = words(
    r"^\W{0,9}(?:more|better|closer|regular|additional|another|an?|further|stricter|new|weekly|monthly|daily|no) (?:[a-z-]{1,30} ){0,3}[a-z-]{1,30}"
)
_PRESENT_DEED = re.compile(
    rf"^\W{{0,9}}(?:{PERSON.pattern}|[A-Z][a-z]{{1,30}})(?: \([^)]{{1,40}}\)|, [A-Z][\w ]{{2,40}},)? [a-z]{{1,30}}(?:s|es)\b"
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


@dataclass(frozen=True, slots=True)
class Action:
    """One action, with the place where its owner or date is vague or missing."""

    sentence: Sentence
    has_owner: bool
    has_date: bool
    owner_span: tuple[int, int]
    """What a reviewer marks for a missing owner: the vague owner's cell, else the action."""
    date_span: tuple[int, int]


def actions(reading: DocumentReading) -> Iterator[Action]:
    """The actions of the sections that look forward; table rows by their header's columns."""
    headings = {one.index: one.heading for one in reading.sections}
    for table in reading.tables:
        if {"owner", "date"} <= set(table.columns) and "event" not in table.columns:
            for row in table.rows:
                yield from _row(reading.lines[row.section, row.line][0], row)
    for sentence in reading.prose:
        heading = headings[sentence.section]
        if _FORWARD_HEADING.search(heading) and not _PAST_HEADING.search(heading) and _is_action(sentence):
            whole = (0, len(sentence.text))
            vague = vague_date(sentence.text)
            yield Action(sentence, _has_owner(sentence), _has_date(sentence.text), whole, vague or whole)


def vague_date(text: str) -> tuple[int, int] | None:
    """The words that stand for a date and are none."""
    match = _VAGUE_DATE.search(text)
    return match.span() if match else None


def _is_action(sentence: Sentence) -> bool:
    text = sentence.text
    if _NOT_AN_ACTION.search(text) or text.endswith("?") or len(text) < 8 or _DONE.search(text):
        return False
    if _IMPERATIVE.search(text) or _DUTY.search(text) or _PRESENT_DEED.search(text):
        return not _PAST.search(text) or bool(_IMPERATIVE.search(text) or _STRONG_DUTY.search(text))
    if _PAST.search(text):
        return False
    return bool(_NOUN_ACTION.search(text)) or (sentence.line_kind == "list_item" and bool(_ROLE_ACTS.search(text)))


def _has_owner(sentence: Sentence) -> bool:
    """A person by name, the writer, or a group that merely attends on a known day."""
    text = sentence.text
    if sentence.facts.people or _CONCRETE_OWNER.search(text):
        return True
    if _has_date(text) and (_ATTENDS.search(text) or re.match(r"\W{0,9}We\b", text)):
        return True
    return bool(_SINGLE_NAME.match(text)) and not _ROLE_ACTS.match(text.lstrip())


def _has_date(text: str) -> bool:
    return bool(DATE.search(text) or _RELATIVE_DATE.search(text))


def _row(sentence: Sentence, row: Row) -> Iterator[Action]:
    owner, day = row.cell("owner"), row.cell("date")
    if owner is None or day is None:
        return
    is_day = bool(re.search(r"\d", day.text) and not _VAGUE_DATE.search(day.text)) or bool(DATE.search(day.text))
    yield Action(
        sentence,
        bool(owner.text.strip()) and not _COLLECTIVE.search(owner.text),
        is_day,
        _span(row, owner),
        _span(row, day),
    )


def _span(row: Row, cell: Cell) -> tuple[int, int]:
    """The cell within its row; an empty one is shown by the first."""
    shown = cell if cell.text.strip() else row.cells[0]
    return shown.start - row.start, shown.end - row.start
