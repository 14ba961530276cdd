"""Lists of people as spreadsheets write them."""

import codecs
import csv
import io

import pytest

from apps.accounts.roster.reading import RosterLine, UnreadableRosterError, decoded, read_roster
from apps.accounts.roster.writing import as_table, harmless

ADA = ("ada@example.com", "Ada Löwe", "analyst", "Fraud")
PLAIN = "email,name,role,team\nada@example.com,Ada Löwe,analyst,Fraud\n"


def said(text: str) -> list[tuple[str, str, str, str]]:
    return [(line.email, line.name, line.role, line.team) for line in read_roster(text)]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "utf-8 mark", "utf-16", "utf-16 big", "utf-16 bare", "utf-16 big bare", "windows", "crlf"],
)
def test_a_file_is_read_in_every_encoding_that_spreadsheets_write(content: bytes) -> None:
    assert said(decoded(content)) == [ADA]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=;\n" + PLAIN.replace(",", ";"),
        "\n\n" + PLAIN + "\n,,,\n",
        "E-Mail-Adresse;Name;Rolle;Team\nada@example.com;Ada Löwe;analyst;Fraud",
        "Role,TEAM ,Last name,First Name,E mail,Phone\nanalyst,Fraud,Löwe,Ada,ada@example.com,12",
        "ada@example.com,Ada Löwe,analyst,Fraud",
        '"email","name","role","team"\n"ada@example.com","Ada\n Löwe","analyst","Fraud"',
        'email,name,role,team\n="ada@example.com",\u200bAda\u00a0Löwe , analyst,Fraud',
    ],
)
def test_every_way_of_writing_the_same_table_says_the_same(text: str) -> None:
    assert said(text) == [ADA]


def test_addresses_alone_are_a_list() -> None:
    assert said("ada@example.com\ngrace@example.com") == [
        ("ada@example.com", "", "", ""),
        ("grace@example.com", "", "", ""),
    ]


def test_a_line_is_called_by_the_number_it_has_in_the_file() -> None:
    text = 'sep=,\nemail,name\nada@example.com,"Ada\nLöwe"\n\ngrace@example.com,Grace\n'
    assert read_roster(text) == [
        RosterLine(3, "ada@example.com", "Ada Löwe", "", ""),
        RosterLine(6, "grace@example.com", "Grace", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("\n , \n", "empty"),
        ("email,name\n", "empty"),
        ("name,role\nAda,analyst", "no_addresses"),
        ('email,name\nada@example.com,"Ada\n', "open_quote"),
        ('email,name\nada@example.com,"Ada"Löwe\n', "open_quote"),
    ],
)
def test_what_is_no_list_is_refused_by_its_problem(text: str, problem: str) -> None:
    with pytest.raises(UnreadableRosterError) as refused:
        read_roster(text)
    assert refused.value.problem == problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"email,na\x00me", "binary"),
        (b"email\x81", "binary"),
    ],
)
def test_what_is_no_text_is_refused_by_its_problem(content: bytes, problem: str) -> None:
    with pytest.raises(UnreadableRosterError) as refused:
        decoded(content)
    assert refused.value.problem == problem


def test_a_huge_cell_is_no_crash() -> None:
    with pytest.raises(UnreadableRosterError):
        read_roster("email,name\nada@example.com," + "x" * 200_000)


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_written_cell_is_never_a_formula_and_reads_back_as_it_was(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    table = as_table([("email", "name"), ("ada@example.com", cell)])
    assert table.startswith(codecs.BOM_UTF8)
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert not rows[1][1].startswith(("=", "+", "-", "@", "\t", "\r"))
    (line,) = read_roster(decoded(table))
    assert line.name == cell.strip() or cell[0].isspace()


def test_a_plain_cell_is_written_as_it_is() -> None:
    assert harmless("Ada") == "Ada"
