"""What the built-in reviewer takes and gives. Pure: no framework, no model, no network."""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How a document stands on one point."""

    GAP = "gap"
    SATISFIED = "satisfied"
    NOT_APPLICABLE = "not_applicable"
    NOT_JUDGED = "not_judged"
    """No built-in rule knows this point of an organization's own framework."""


class Risk(StrEnum):
    """How much harm a gap can do."""

    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"


class ItemType(StrEnum):
    """What an item asks of the writer."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    SUGGESTION = "suggestion"
    POSITIVE = "positive"
    QUESTION = "question"
    CLARIFICATION = "clarification"


class DefectKind(StrEnum):
    """A fault that a reviewer marks on the exact words."""

    VAGUE_QUANTITY = "vague_quantity"
    MISSING_OWNER = "missing_owner"
    MISSING_DATE = "missing_date"
    PLACEHOLDER = "placeholder"
    TIMELINE_GAP = "timeline_gap"
    TIMELINE_ORDER = "timeline_order"
    CONTRADICTION = "contradiction"
    UNSUPPORTED_CLAIM = "unsupported_claim"
    SYMPTOM_AS_CAUSE = "symptom_as_cause"
    BLAME_LANGUAGE = "blame_language"
    UNDEFINED_ACRONYM = "undefined_acronym"
    PASSIVE_HIDDEN_ACTOR = "passive_hidden_actor"
    PII_EXPOSED = "pii_exposed"
    UNQUANTIFIED_IMPACT = "unquantified_impact"
    NO_SUCCESS_MEASURE = "no_success_measure"


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section as the reviewer reads it. `kind` is narrative, email, log or appendix; only narrative is criticised for style."""

    index: int
    heading: str
    kind: str
    text: str
    line_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words: sections[section].text[start:end] == text. An empty text with a section means "missing, look here"."""

    section: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of one point with its evidence; risk is set for gaps alone."""

    point: int
    status: Status
    risk: Risk | None
    confidence: float
    """0-1."""
    quote: Quote | None
    """None for not_applicable and not_judged."""
    reason: str
    """One sentence: what is wrong here, or what satisfies the point, in this document's own terms."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One fault on exact words, tied to the point it weighs on."""

    kind: DefectKind
    quote: Quote
    point: int
    reason: str
    suggestion: str
    confidence: float
    sentence: Quote
    """The sentence, item or row in which the quote stands."""
    other: Quote | None = None
    """The second place, where the fault lies between two."""


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """One item for people to decide on, from any engine (rules or a model)."""

    points: tuple[int, ...]
    """1 to 3 numbers; the first gives the item its category."""
    type: ItemType
    risk: Risk
    confidence: float
    quote: Quote
    description: str
    suggestion: str
    example: str = ""
    """An example rewrite made from the document's own words, or ""."""
    questions: tuple[str, ...] = ()
    """At most two."""
    kind: str = ""
    """A DefectKind, or "" when the item is about a point as a whole."""


@dataclass(frozen=True, slots=True)
class RuleReview:
    """All that the built-in reviewer says of a document."""

    verdicts: dict[int, Verdict]
    """One for each point of the framework."""
    defects: tuple[Defect, ...] = ()
    findings: tuple[FindingDraft, ...] = field(default=())
    """Items in reading order, made from gaps, notable strengths and defects; duplicates folded."""
