"""Short documents for the tests of the reading and of the points."""

from apps.analysis.rules.port import SectionText
from apps.analysis.rules.reading.document import DocumentReading, Sentence, read_document

Part = tuple[str, str] | tuple[str, str, str]


def document(*parts: Part) -> DocumentReading:
    """Sections as (heading, text) or (heading, text, kind). Lines with " | " are rows, lines that begin with "- " are list items."""
    sections = []
    for index, part in enumerate(parts):
        heading, text, kind = part if len(part) == 3 else (*part, "narrative")
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        kinds = tuple(
            "table_row" if " | " in line else "list_item" if line.startswith("- ") else "paragraph" for line in lines
        )
        sections.append(SectionText(index, heading, kind, "\n".join(line.removeprefix("- ") for line in lines), kinds))
    return read_document(sections)


def sentence(text: str) -> Sentence:
    """The only sentence of a text."""
    (one,) = document(("", text)).sentences
    return one
