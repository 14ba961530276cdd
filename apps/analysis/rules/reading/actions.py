"""Actions against recurrence: in tables, in lists and in sentences, each with its owner, date and check."""

from dataclasses import dataclass

from apps.analysis.rules.port import Quote
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.facts import Facts, facts_of
from apps.analysis.rules.reading.tables import Cell, Row, Table
from apps.analysis.rules.reading.vocabulary import word_set

_NOT_ACTIONS = ("lesson", "target_strong")
_LONGEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Action:
    """One action with the words that tell its owner, date and check; "" where there are none."""

    quote: Quote
    owner: str
    date: str
    check: str
    is_vague: bool = False


def actions_in(reading: DocumentReading) -> tuple[Action, ...]:
    """The actions of a document; rows of a table of actions before list items, and those before sentences."""
    tables = [table for table in reading.tables if _is_action_table(reading, table)]
    from_tables = [_from_row(reading, row) for table in tables for row in table.rows]
    scope = [one for one in reading.scope("prevention") if one.line_kind != "table_row"]
    items = [one for one in scope if one.line_kind == "list_item" and _is_action_item(one)]
    from_items = [_from_sentences(reading, line) for line in _lines_of(reading, items)]
    from_prose = (
        [] if from_tables or from_items else [_from_sentences(reading, (one,)) for one in scope if _is_commitment(one)]
    )
    return (*from_tables, *from_items, *from_prose)


def _is_action_table(reading: DocumentReading, table: Table) -> bool:
    if table.is_of_actions:
        return True
    return {"action", "date"} <= set(table.columns) and reading.roles[table.section] == "prevention"


def _from_row(reading: DocumentReading, row: Row) -> Action:
    owner, day, check = row.cell("owner"), row.cell("date"), row.cell("check")
    told = row.cell("action") or row.cells[0]
    quote = Quote(row.section, told.start, told.end, told.text)
    return Action(
        quote,
        _owner_cell(owner),
        _date_cell(day),
        check.text if check else "",
        is_vague=facts_of(told.text, frozenset()).has("vague_wish"),
    )


def _owner_cell(cell: Cell | None) -> str:
    """A person or a named team; "the team", "all" and blanks are nobody."""
    if cell is None or not any(character.isalpha() for character in cell.text):
        return ""
    facts = facts_of(cell.text, frozenset())
    if facts.people:
        return cell.text
    if "".join(character for character in cell.text.lower() if character.isalpha()) in word_set("no_owner"):
        return ""
    words = facts.tokens.words
    whole = facts.marks.get("collective_owner", ())
    return (
        ""
        if any(mark.start == 0 and mark.end == len(words) for mark in whole)
        or len(words) > _LONGEST_NAME
        or "[" in cell.text
        else cell.text
    )


def _date_cell(cell: Cell | None) -> str:
    return cell.text if cell is not None and has_date(facts_of(cell.text, frozenset()), cell.text) else ""


def has_date(facts: Facts, text: str) -> bool:
    """A day, or at least a month by name; "in due course" and "next quarter" are none."""
    if facts.dates:
        return True
    words = facts.tokens.words
    months = {
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    }
    return (
        bool(months & set(words))
        and any(word in {"end", "by", "in", "until", "of"} for word in words)
        and "?" not in text
    )


def _is_action_item(sentence: Sentence) -> bool:
    facts = sentence.facts
    return not facts.has_any(*_NOT_ACTIONS) and len(facts.tokens.words) >= 2


def _lines_of(reading: DocumentReading, items: list[Sentence]) -> list[tuple[Sentence, ...]]:
    return [reading.paragraph(one) for one in items if one.start == reading.paragraph(one)[0].start]


def _is_commitment(sentence: Sentence) -> bool:
    facts = sentence.facts
    if facts.has_any(*_NOT_ACTIONS):
        return False
    return facts.has("commit") or facts.has("vague_wish") or bool(facts.people and facts.dates)


def _from_sentences(reading: DocumentReading, line: tuple[Sentence, ...]) -> Action:
    people = next((person.name for one in line for person in one.facts.people), "")
    dated = next((one.text for one in line if has_date(one.facts, one.text)), "")
    check = next((one.text for one in line if one.facts.has("effect_check") and one.facts.dates), "")
    return Action(line[0].quote(), people, dated, check, is_vague=any(one.facts.has("vague_wish") for one in line))
