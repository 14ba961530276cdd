"""Tells the writer's words from evidence: quoted mail, raw logs, appendices."""

import re
from collections.abc import Sequence

from apps.documents.blocks.port import Block, BlockKind
from apps.documents.sectioning.drafts import SectionKind

_MAIL_HEADER = re.compile(
    r"(?:>\s*)*(?:From|Sent|To|Cc|Subject|Date|Reply-To|Von|An|Gesendet|Betreff)\s*:\s*\S", re.IGNORECASE
)
_MAIL_FROM = re.compile(r"(?:>\s*)*(?:From|Von)\s*:\s*\S", re.IGNORECASE)
_WROTE = re.compile(r"^(?:On\b.{5,120}\bwrote|-{3,}\s*(?:Original|Forwarded) Message\s*-{0,})\s*:?\s*$", re.IGNORECASE)
_DATE = r"(?:\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?|\d{1,2}\s+[A-Z][a-z]{2,8}(?:\s+\d{4})?)"
_TIME = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?"
_STAMP = re.compile(rf"^\[?(?:{_DATE}[T ,]+{_TIME}|{_TIME}:\d\d|\d{{10,13}})(?:Z|\s?UTC|[+-]\d\d:?\d\d)?\]?(?=\s|$|,)")
_KEY_VALUE = re.compile(r"\b[a-z_][\w.-]*=\S+", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL|TRACE|GET|POST|PUT|DELETE)\b")
_QUOTED_TURN = re.compile(rf"^{_DATE},?\s+(?:{_TIME})?\s*[:,-]\s*[\"“]")
_STAMPED_ITEM = re.compile(rf"\|\s*{_DATE}\s+{_TIME}\s*\|")
_NAMED_APPENDIX = re.compile(
    r"^(?:\d+(?:\.\d+)*[.)]?\s+)?(?:appendix|appendices|annex|annexes|exhibits?|attachments?|raw data|enclosures?|supporting (?:documents|evidence)|"
    r"(?:\w+\s+){0,3}(?:switch|change|edit) history)\b",
    re.IGNORECASE,
)
_NAMED_MAIL = re.compile(
    r"\b(?:correspondence|e-?mails?|mail|mailbox|messages?|forwarded|letters?|thread)\b|\b(?:complaint|notice) (?:of|from|to)\b",
    re.IGNORECASE,
)
_NAMED_LOG = re.compile(r"\b(?:logs?|trace|raw output|console output|extracts?|samples? of)\b", re.IGNORECASE)
# Looking a member up in its class takes longer than comparing it.
_TABLE_ROW, _FOOTNOTE, _LIST_ITEM = BlockKind.TABLE_ROW, BlockKind.FOOTNOTE, BlockKind.LIST_ITEM
_SENTENCE = re.compile(r"[a-z]{2,}[.!?](?:\s|$)")
_FEWEST_WORDS = 5
_FEWEST_PAIRS = 3
_BEGIN_ON, _BEGIN_FROM = frozenset("oO"), frozenset("fFvV>")


def kind_of(heading: str, blocks: Sequence[Block]) -> SectionKind:
    """What the section is, from its lines first and its heading second."""
    lines = [block.text for block in blocks if block.kind is not _FOOTNOTE]
    if not lines:
        return SectionKind.APPENDIX if _NAMED_APPENDIX.match(heading) else SectionKind.NARRATIVE
    mail = starts_mail(lines)
    if mail or (_NAMED_MAIL.search(heading) and _is_only_quotes(lines)):
        return SectionKind.EMAIL
    if _is_log(lines, named=bool(_NAMED_LOG.search(heading)), blocks=blocks):
        return SectionKind.LOG
    return SectionKind.APPENDIX if _NAMED_APPENDIX.match(heading) else SectionKind.NARRATIVE


def starts_mail(lines: Sequence[str]) -> bool:
    """True when the lines begin with a mail: two header lines together, or an attribution line, or quoted lines only."""
    if _WROTE.match(lines[0].strip()):
        return True
    if len(lines) > 1 and _MAIL_HEADER.match(lines[0]) and _MAIL_HEADER.match(lines[1]):
        return True
    return len(lines) > 1 and all(line.lstrip().startswith(">") for line in lines)


def is_log_line(text: str) -> bool:
    """True for a line that a machine wrote: a time stamp before anything else, or several key=value pairs."""
    # Every line of a text is asked, and nearly none of them begins or reads so: the patterns come last.
    begins = text[:1]
    stamp = _STAMP.match(text) if begins.isdecimal() or begins == "[" else None
    if stamp is None:
        return text.count("=") >= _FEWEST_PAIRS and len(_KEY_VALUE.findall(text)) >= _FEWEST_PAIRS
    rest = text[stamp.end() :]
    return bool(_KEY_VALUE.search(rest) or _LEVEL.search(rest)) or not _is_prose(rest)


def is_mail_start(text: str, following: str) -> bool:
    """True where a quoted mail begins inside other text."""
    stripped = text.strip()
    begins = stripped[:1]
    if begins == "-" or (begins in _BEGIN_ON and "wrote" in stripped.lower()):
        return bool(_WROTE.match(stripped))
    return begins in _BEGIN_FROM and bool(_MAIL_FROM.match(stripped)) and is_mail_header(following)


def is_mail_header(text: str) -> bool:
    """True for a header line of a mail ("To: …")."""
    return ":" in text and bool(_MAIL_HEADER.match(text.strip()))


def is_quoted_line(text: str) -> bool:
    """True for a line that mail programs mark as quoted."""
    return ">" in text and text.lstrip().startswith(">")


def _is_prose(text: str) -> bool:
    """A sentence; also one whose stop follows a bracket or a number, as in "… (ticket 12)."."""
    ends = text.rstrip().endswith((".", "!", "?"))
    return bool(_SENTENCE.search(text)) or (ends and sum(word.isalpha() for word in text.split()) >= _FEWEST_WORDS)


def _is_only_quotes(lines: Sequence[str]) -> bool:
    return sum(1 for line in lines if _QUOTED_TURN.match(line.strip())) * 2 > len(lines)


def _is_log(lines: Sequence[str], *, named: bool, blocks: Sequence[Block]) -> bool:
    if any(block.kind is _TABLE_ROW for block in blocks):
        return False
    stamped = sum(1 for line in lines if is_log_line(line))
    if stamped * 2 > len(lines) and len(lines) > 2:
        has_words = sum(1 for block in blocks if block.kind is _LIST_ITEM)
        return named or has_words * 2 <= len(lines)
    records = sum(1 for line in lines if " | " in line and line.count(" | ") >= 2 and _STAMPED_ITEM.search(line))
    return records * 2 > len(lines) or (named and stamped * 2 > len(lines))
