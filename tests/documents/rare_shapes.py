"""Word files of rarer shapes: tracked moves, both kinds of notes, the newer parts of comments, strict OOXML, drawings, formulas."""

import io
import zipfile

from tests.documents.word_shapes import W, cell, field, par, run, table, text_box, word_file

_DATE = "2025-01-01T00:00:00Z"
_WORD_2012 = "http://schemas.microsoft.com/office/word/2012/wordml"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"

FOREIGN = (
    f'<w:comment w:id="7" w:author="Ana &quot;Lead&quot; &amp; Co" w:date="{_DATE}" w:initials="AL"><w:p w14:paraId="11111111">'
    "<w:r><w:t>Please check &amp; answer &#x1F600;</w:t></w:r></w:p></w:comment>"
    f'<w:comment w:id="9" w:author="Bo" w:date="{_DATE}"><w:p w14:paraId="22222222"><w:r><w:t/></w:r></w:p></w:comment>'
)
_MARKED = (
    '<w:commentRangeStart w:id="7"/>'
    + run("Old words")
    + '<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r><w:r><w:commentReference w:id="9"/></w:r>'
)
_NUMBERED_HEADINGS = (
    '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Part %3:"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>'
)
_HEADING_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/><w:pPr><w:numPr>'
    f'<w:ilvl w:val="{level - 1}"/><w:numId w:val="4"/></w:numPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
    for level in (1, 2, 3)
)


def heading(text: str, level: int) -> str:
    return par(run(text), f'<w:pStyle w:val="Heading{level}"/>')


def _note(kind: str, number: int, text: str) -> str:
    return f'<w:{kind} w:id="{number}">{par(run(text))}</w:{kind}>'


def _picture() -> str:
    return (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:extent cx="9525" cy="9525"/><wp:docPr id="1" name="Picture 1" descr="Not read"/></wp:inline></w:drawing></w:r>'
    )


def _ruby(base: str, guide: str) -> str:
    return f"<w:r><w:ruby><w:rubyPr/><w:rt>{run(guide)}</w:rt><w:rubyBase>{run(base)}</w:rubyBase></w:ruby></w:r>"


def _formula(text: str) -> str:
    return f'<m:oMath xmlns:m="{_M}"><m:r><m:t>{text}</m:t></m:r></m:oMath>'


def strict(content: bytes) -> bytes:
    """The same file in the strict form of the format."""
    names = {
        W.encode(): b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            for transitional, strict_name in names.items():
                data = data.replace(transitional, strict_name)
            new.writestr(entry, data)
    return out.getvalue()


_FIRST = par(run("The seller shipped 14 units on 3 March."))
_TRACKED = f'w:id="5" w:author="B" w:date="{_DATE}"'

RARE_SHAPES: dict[str, tuple[bytes, list[str]]] = {
    name: (word_file(body, **more), lines)  # type: ignore[arg-type]
    for name, body, lines, more in [
        (
            "moved words",
            par(
                run("Paid ")
                + f'<w:moveFromRangeStart {_TRACKED} w:name="m"/><w:moveFrom {_TRACKED}>{run("first ")}</w:moveFrom><w:moveFromRangeEnd w:id="5"/>'
                + run("today, ")
                + f'<w:moveToRangeStart {_TRACKED} w:name="m"/><w:moveTo {_TRACKED}>{run("first ")}</w:moveTo><w:moveToRangeEnd w:id="5"/>'
                + run("of all.")
            ),
            ["Paid today, first of all."],
            {},
        ),
        (
            "inserted and deleted table rows",
            "<w:tbl><w:tblPr/><w:tblGrid/>"
            f"<w:tr><w:trPr><w:ins {_TRACKED}/></w:trPr>{cell(par(run('new')))}</w:tr>"
            f"<w:tr><w:trPr><w:del {_TRACKED}/></w:trPr>{cell(par(run('gone')))}</w:tr></w:tbl>" + _FIRST,
            ["new", "The seller shipped 14 units on 3 March."],
            {},
        ),
        (
            "footnotes and endnotes",
            par(run("Claim") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" stands."))
            + par(run("Proof") + '<w:r><w:endnoteReference w:id="3"/></w:r>'),
            ["Claim stands.", "As told in ticket 4.", "Proof", "Kept in folder 9."],
            {
                "parts": {
                    "footnotes": _note("footnote", 2, "As told in ticket 4."),
                    "endnotes": _note("endnote", 3, "Kept in folder 9."),
                }
            },
        ),
        (
            "a footnote in a table cell",
            table(cell(par(run("Sum") + '<w:r><w:footnoteReference w:id="2"/></w:r>')) + cell(par(run("14")))),
            ["Sum | 14", "As told."],
            {"parts": {"footnotes": _note("footnote", 2, "As told.")}},
        ),
        (
            "comments by others in every part",
            par(_MARKED + run(" and new")) + par(run("More")),
            ["Old words and new", "More"],
            {
                "parts": {
                    "comments": FOREIGN,
                    "commentsExtended": f'<w15:commentEx xmlns:w15="{_WORD_2012}" w15:paraId="11111111" w15:done="1"/>',
                    "people": f'<w15:person xmlns:w15="{_WORD_2012}" w15:author="Bo"/>',
                }
            },
        ),
        ("picture", par(run("Before ") + _picture() + run("after.")), ["Before after."], {}),
        ("formula", par(run("With ") + _formula("x=1+y") + run(" given.")), ["With x=1+y given."], {}),
        (
            "phonetic guide",
            par(run("Seller ") + _ruby("東京", "とうきょう") + run(" answered.")),
            ["Seller 東京 answered."],
            {},
        ),
        (
            "right to left runs",
            par(f'<w:bdo w:val="rtl">{run("abc")}</w:bdo><w:dir w:val="rtl">{run(" قال")}</w:dir>'),
            ["abc قال"],
            {},
        ),
        (
            "text box in a cell",
            table(cell(par(run("Left") + text_box(par(run("Boxed in a cell."))))) + cell(par(run("right")))),
            ["Left | right", "Boxed in a cell."],
            {},
        ),
        (
            "table in a text box",
            par(run("Before.") + text_box(table(cell(par(run("a"))) + cell(par(run("b")))))),
            ["Before.", "a | b"],
            {},
        ),
        (
            "alternate content between paragraphs",
            f'<mc:AlternateContent><mc:Choice Requires="w14">{par(run("Chosen."))}</mc:Choice><mc:Fallback>{par(run("Not chosen."))}</mc:Fallback></mc:AlternateContent>'
            + _FIRST,
            ["Chosen.", "The seller shipped 14 units on 3 March."],
            {},
        ),
        (
            "three tables deep",
            table(cell(par(run("1")) + table(cell(par(run("2")) + table(cell(par(run("3")))))) + par(run("4")))),
            ["1 2 3 4"],
            {},
        ),
        (
            "content control in a cell, in a row and around rows",
            "<w:tbl><w:tblPr/><w:tblGrid/>"
            f"<w:tr><w:sdt><w:sdtContent>{cell(par(run('a')))}</w:sdtContent></w:sdt>{cell('<w:sdt><w:sdtContent>' + par(run('b')) + '</w:sdtContent></w:sdt>')}</w:tr>"
            f"<w:sdt><w:sdtContent><w:tr>{cell(par(run('c')))}</w:tr></w:sdtContent></w:sdt></w:tbl>" + par(""),
            ["a | b", "c"],
            {},
        ),
        (
            "custom XML around words",
            par(f'<w:customXml w:uri="u" w:element="e">{run("Marked up")}</w:customXml>'),
            ["Marked up"],
            {},
        ),
        (
            "fields in fields",
            par(
                run("See ")
                + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>'
                + field(" PAGE ", "12")
                + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                + run("the annex")
                + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
                + run(".")
            ),
            ["See the annex."],
            {},
        ),
        (
            "breaks of pages and columns",
            par(
                '<w:r><w:t>One</w:t><w:br w:type="page"/><w:t>two</w:t><w:cr/><w:t>three</w:t><w:lastRenderedPageBreak/></w:r>'
            ),
            ["One", "two", "three"],
            {},
        ),
        (
            "symbols of every kind",
            par(
                '<w:r><w:sym w:font="Wingdings" w:char="F0FB"/><w:t> no </w:t><w:sym w:font="Symbol" w:char="03B1"/>'
                '<w:sym w:font="X" w:char="zz"/><w:sym w:font="X" w:char="D800"/><w:sym w:font="Wingdings" w:char="F001"/></w:r>'
            ),
            ["✗ no α□□□"],
            {},
        ),
        (
            "words outside the plane",
            par(run("𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ") + run("🇪🇺 paid", "<w:b/>") + run(" 👩‍🚀")),
            ["𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🇪🇺 paid 👩‍🚀"],
            {},
        ),
        (
            "numbered headings",
            heading("Summary", 1)
            + _FIRST
            + heading("Cause", 1)
            + heading("Of the fault", 2)
            + heading("Root", 3)
            + _FIRST,
            [
                "Summary",
                "The seller shipped 14 units on 3 March.",
                "Cause",
                "Of the fault",
                "Root",
                "The seller shipped 14 units on 3 March.",
            ],
            {"parts": {"numbering": _NUMBERED_HEADINGS, "styles": _HEADING_STYLES}},
        ),
        (
            "headers of three kinds",
            _FIRST,
            ["Case 12", "First page", "The seller shipped 14 units on 3 March."],
            {
                "parts": {
                    "header1": par(run("Case 12")),
                    "header2": par(run("First page")),
                    "header3": par(run("Case 12")),
                },
                "section": "".join(
                    f'<w:headerReference w:type="{kind}" r:id="rId{number}"/>'
                    for number, kind in enumerate(("default", "first", "even"), start=1)
                ),
            },
        ),
        (
            "a part embedded whole",
            _FIRST
            + '<w:altChunk r:id="rId9"/>'
            + f"<w:p><w:pPr><w:rPr><w:del {_TRACKED}/></w:rPr></w:pPr>{run('Kept.')}</w:p>",
            ["The seller shipped 14 units on 3 March.", "Kept."],
            {},
        ),
    ]
}
RARE_SHAPES["strict form"] = (
    strict(word_file(heading("Summary", 1) + _FIRST + table(cell(par(run("a"))) + cell(par(run("b")))))),
    ["Summary", "The seller shipped 14 units on 3 March.", "a | b"],
)
