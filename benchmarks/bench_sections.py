"""Time to divide a text, by its number of paragraphs."""

import time

from apps.documents.sectioning.plan import divide
from apps.documents.word.builder import Content, Heading, Paragraph, build
from apps.documents.word.reader import read_word

SIZES = (200, 1_000, 2_000, 5_000)


def write_up(paragraph_count: int) -> bytes:
    contents: list[Content] = []
    for number in range(paragraph_count):
        if number % 20 == 0:
            contents.append(Heading(f"Part {number // 20}"))
        else:
            contents.append(
                Paragraph(
                    f"On {number % 28 + 1} March the seller shipped {number} units to buyers, and the desk opened ticket T-{number}."
                )
            )
    return build(contents)


def run() -> list[tuple[str, float, str, float | None, str]]:
    rows: list[tuple[str, float, str, float | None, str]] = []
    per_paragraph = 0.0
    for size in SIZES:
        text = read_word(write_up(size))
        seconds = best_of(lambda text=text: divide(text))
        per_paragraph = per_paragraph or seconds / size
        rows.append(
            (
                f"divide {size} paragraphs",
                seconds * 1000,
                "ms",
                seconds / size / per_paragraph,
                "time a paragraph at 200",
            )
        )
    return rows


def best_of(work, repeats: int = 7, clock=time.process_time) -> float:
    """Seconds of this process, which others on the machine do not lengthen; `clock` is another one where children do the work."""
    best = float("inf")
    for _ in range(repeats):
        start = clock()
        work()
        best = min(best, clock() - start)
    return best


if __name__ == "__main__":
    for row in run():
        print(row)
