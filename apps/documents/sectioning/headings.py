"""Which lines are headings, and how far each can be trusted."""

import re
from dataclasses import dataclass

from apps.documents.blocks.port import Block, BlockKind
from apps.documents.sectioning.drafts import HeadingTrust
from apps.documents.sectioning.kinds import is_log_line, is_mail_header

# Looking a member up in its class takes longer than comparing it.
_PARAGRAPH, _LIST_ITEM = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
_LONGEST = 120
_MOST_WORDS = 14
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})([.)]?)\s+(?=\S)")
_LETTERED = re.compile(r"^(?:[IVX]{1,5}|[A-Z])[.)]\s+(?=[A-Z])")
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_UNIT = re.compile(rf"^\d+\s+(?:%|(?:per|days?|hours?|minutes?|units?|orders?|{_MONTH})\b)", re.IGNORECASE)
_MAIL_FIELD = re.compile(r"^(?:>|(?:From|Sent|To|Cc|Subject|Date|Reply-To)\s*:)", re.IGNORECASE)
_MOST_WORDS_ALONE = 9
_SHORTEST_PROSE = 60
_SENTENCE = re.compile(r"[a-z]{2,}[^\s]*[.!?](?:\s|$)")
_ENDS_ALONE = frozenset('.,;:!-–—"”’')
_ENDS_OPEN = (".", ",", ";", "!")
_KNOWN = frozenset(
    """
    executive summary|summary|overview|background|introduction|timeline|timeline of events|chronology|investigation|
    investigation process|investigation findings|findings|methodology|method|resolving action|resolving actions|resolution|
    actions taken|action taken|corrective actions|root cause|root causes|root cause analysis|cause|causes|preventative action|
    preventative actions|preventive action|
    preventive actions|prevention|impact|impact assessment|impact analysis|seller classification|documentation and reporting|
    documentation|recommendations|recommendation|conclusion|conclusions|next steps|lessons learned|lessons|initial assessment|
    enforcement decision|enforcement decision-making|additional verification|verification|multiple appeals handling|appeals|
    account hijacking prevention|funds management|outreach|outreach process|seller outreach|sentiment analysis|
    cross-team collaboration|quality control|continuous improvement|communication standards|performance metrics|success metrics|
    success measure|legal and compliance|legal|new service launch|new service launch considerations|appendix|appendices|annex|
    exhibits|attachments|correspondence|attached correspondence|raw data|references|definitions|scope|decision|outcome|description
    """.replace("\n", "").split("|")
)
_KNOWN_NAMES = frozenset(" ".join(name.split()) for name in _KNOWN)
_NUMBER_BEFORE = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]+[.)]|[A-Z][.)])\s+")
_APPENDIX = re.compile(r"^(?:appendix|annex|exhibit)\s+[A-Z0-9]{1,3}(?:\s*[:.–-]\s*.{0,80})?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line taken as a heading."""

    level: int
    trust: HeadingTrust


def heading_of(block: Block, *, is_numbering_trusted: bool = True) -> Heading | None:
    """The heading that this block is, by the most trusted sign; None for everything else."""
    if block.kind is not _PARAGRAPH and block.kind is not _LIST_ITEM:
        return None
    hints = block.hints
    if hints.style_level is not None:
        return Heading(hints.style_level, HeadingTrust.STYLE)
    if hints.outline_level is not None:
        return Heading(hints.outline_level, HeadingTrust.OUTLINE)
    text = block.text.strip()
    if not _could_be_heading(block, text):
        return None
    if is_numbering_trusted:
        level = _numbered_level(block, text)
        if level is not None:
            return Heading(level, HeadingTrust.NUMBERING)
    return _unnumbered(block, text)


def _unnumbered(block: Block, text: str) -> Heading | None:
    if block.kind is _LIST_ITEM:
        return None
    if block.hints.is_bold and not text.endswith(_ENDS_OPEN):
        return Heading(1, HeadingTrust.FORMATTING)
    if block.hints.is_caps and _is_caps_heading(text):
        return Heading(1, HeadingTrust.FORMATTING)
    return Heading(1, HeadingTrust.KNOWN_NAME) if is_known_name(text) else None


def stands_alone(block: Block, following: Block | None) -> bool:
    """True for a line of a text without any formatting that can only be a heading: a few words, no sentence, prose or a list below.

    Ask for text outside quoted mail alone: there, a greeting looks the same.
    """
    text = block.text.strip()
    if block.kind is not _PARAGRAPH or following is None or not _could_be_heading(block, text):
        return False
    if len(text.split()) > _MOST_WORDS_ALONE or not (text[0].isupper() or text[0].isdigit()) or text[-1] in _ENDS_ALONE:
        return False
    below = following.text
    if following.kind is _LIST_ITEM or " | " in below or is_mail_header(below) or is_log_line(below):
        return True
    return len(below) >= _SHORTEST_PROSE and bool(_SENTENCE.search(below))


def is_known_name(text: str) -> bool:
    """True when the whole line is the name of a section that write-ups have, with or without a number or a colon."""
    bare = _NUMBER_BEFORE.sub("", text.strip()).rstrip(":").strip()
    return " ".join(bare.lower().replace("&", "and").split()) in _KNOWN_NAMES or bool(_APPENDIX.match(bare))


def _could_be_heading(block: Block, text: str) -> bool:
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or block.is_quoted:
        return False
    if not any(map(str.isalpha, text)):
        return False
    return not (_MAIL_FIELD.match(text) or is_log_line(text) or "|" in text)


def _numbered_level(block: Block, text: str) -> int | None:
    if text.endswith((".", ",", ";")) and not is_known_name(text.rstrip(".")):
        return None
    label = block.hints.number_label
    if label:
        # A numbered list and numbered headings look alike; formatting or a known name tells them apart.
        told = block.hints.is_bold or block.hints.is_caps or is_known_name(text)
        return _depth(label) if told and label[0].isalnum() else None
    match = _NUMBERED.match(text)
    if match is None:
        return 1 if _LETTERED.match(text) and (block.hints.is_bold or is_known_name(text)) else None
    rest = text[match.end() :]
    if _UNIT.match(text) or not rest[0].isupper() or _MID_SENTENCE.search(rest):
        return None
    if not (match.group(2) or "." in match.group(1)) and not (block.hints.is_bold or is_known_name(text)):
        return None
    return _depth(match.group(1))


_MID_SENTENCE = re.compile(r"[a-z][.;!]\s+\S")


def _depth(label: str) -> int:
    return min(label.strip(".)").count(".") + 1, 9)


def _is_caps_heading(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    return letters >= 3 and not text.endswith(_ENDS_OPEN) and letters * 2 >= len(text)
