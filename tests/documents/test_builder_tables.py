"""Tables of a built Word file."""

import io
import re
import zipfile

import pytest

from apps.documents.word.builder import Table, build

A4_BETWEEN_MARGINS = 11906 - 2 * 1440


@pytest.mark.parametrize("columns", [1, 2, 5, 12])
def test_a_table_stays_between_the_margins_and_uses_the_page(columns: int) -> None:
    row = tuple(f"cell {number}" for number in range(columns))
    package = zipfile.ZipFile(io.BytesIO(build([Table((row, row[:1]))])))
    body = package.read("word/document.xml").decode()
    grid = [int(width) for width in re.findall(r'<w:gridCol w:w="(\d+)"/>', body)]
    cells = [int(width) for width in re.findall(r'<w:tcW w:w="(\d+)"', body)]
    assert len(grid) == columns
    assert len(cells) == 2 * columns
    assert A4_BETWEEN_MARGINS - columns < sum(grid) <= A4_BETWEEN_MARGINS
    assert set(cells) == set(grid)
