"""Word files of many shapes, written as XML so that each shape is exactly what it says."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = (
    f'xmlns:w="{W}" xmlns:r="{_R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"'
)
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DATE = "2025-01-01T00:00:00Z"


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def par(inner: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def table(*rows: str) -> str:
    return "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>" + par("")


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def text_box(inner: str, fallback: str = "") -> str:
    shown = fallback or inner
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{shown}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def word_file(
    body: str, *, parts: dict[str, str] | None = None, section: str = "", roles: dict[str, str] | None = None
) -> bytes:
    """A .docx of this body; `parts` are inner XML by file name, e.g. {"footnotes": "<w:footnote …>"}; `roles` maps rId to such a name."""
    out = io.BytesIO()
    parts = parts or {}
    relations, overrides = [], []
    for number, name in enumerate(parts, start=1):
        role = name.rstrip("0123456789")
        relations.append(f'<Relationship Id="rId{number}" Type="{_R}/{role}" Target="{name}.xml"/>')
        overrides.append(f'<Override PartName="/word/{name}.xml" ContentType="{_MAIN}.{role}+xml"/>')
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>{"".join(overrides)}</Types>',
        )
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{package}">{"".join(relations)}</Relationships>'
        )
        archive.writestr(
            "word/document.xml", f"<w:document {_NS}><w:body>{body}<w:sectPr>{section}</w:sectPr></w:body></w:document>"
        )
        roots = {"header": "hdr", "footer": "ftr"}
        for name, inner in parts.items():
            root = roots.get(name.rstrip("0123456789"), name)
            archive.writestr(f"word/{name}.xml", f"<w:{root} {_NS}>{inner}</w:{root}>")
    return out.getvalue()


_FIRST = par(run("The seller shipped 14 units on 3 March."))
_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My head"/><w:basedOn w:val="berschrift1"/></w:style>'
)
_COMMENT = f'<w:comment w:id="7" w:author="Somebody Else" w:date="{_DATE}" w:initials="SE">{par(run("Please check &amp; answer"))}</w:comment>'
_NOTE = f'<w:footnote w:id="2">{par(run("As told in ticket 4."))}</w:footnote>'
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def _listed(text: str, level: int = 0) -> str:
    return par(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


SHAPES: dict[str, tuple[bytes, list[str]]] = {
    name: (word_file(body, **more), lines)
    for name, body, lines, more in [
        ("one run", _FIRST, ["The seller shipped 14 units on 3 March."], {}),
        ("many runs", par(run("Sell") + run("er ", "<w:b/>") + run("left.", "<w:i/>")), ["Seller left."], {}),
        (
            "empty paragraphs",
            par("") + _FIRST + par("") + par(run(" ")),
            ["The seller shipped 14 units on 3 March."],
            {},
        ),
        ("entities", par(run("A &amp; B &lt;c&gt; &quot;d&quot;")), ['A & B <c> "d"'], {}),
        ("emoji", par(run("Buyer 😀👩‍🚀 paid €5.")), ["Buyer 😀👩‍🚀 paid €5."], {}),
        ("right to left", par(run("قال البائع إنه دفع"), "<w:bidi/>"), ["قال البائع إنه دفع"], {}),
        ("override marks", par(run("pay\u202eload\u0085 end\u00ad.")), ["payload  end."], {}),
        ("combining marks", par(run("Cafe\u0301 na\u00efve")), ["Cafe\u0301 na\u00efve"], {}),
        ("tab", par("<w:r><w:t>Date</w:t><w:tab/><w:t>Event one</w:t></w:r>"), ["Date\tEvent one"], {}),
        ("line break", par("<w:r><w:t>From: a</w:t><w:br/><w:t>To: b</w:t></w:r>"), ["From: a", "To: b"], {}),
        (
            "no-break hyphen",
            par("<w:r><w:t>on</w:t><w:noBreakHyphen/><w:t>site visit</w:t></w:r>"),
            ["on-site visit"],
            {},
        ),
        ("soft hyphen", par("<w:r><w:t>veri</w:t><w:softHyphen/><w:t>fied it</w:t></w:r>"), ["verified it"], {}),
        ("symbol", par('<w:r><w:t>Done </w:t><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'), ["Done ✓"], {}),
        ("hidden text", par(run("Seen. ") + run("Unseen.", "<w:vanish/>")), ["Seen. Unseen."], {}),
        (
            "hyperlink",
            par(run("See ") + f'<w:hyperlink w:anchor="x">{run("the policy page")}</w:hyperlink>' + run(".")),
            ["See the policy page."],
            {},
        ),
        (
            "insertion",
            par(
                run("Paid ")
                + f'<w:ins w:id="1" w:author="B" w:date="{_DATE}">{run("in full ")}</w:ins>'
                + run("today.")
            ),
            ["Paid in full today."],
            {},
        ),
        (
            "deletion",
            par(
                run("Paid ")
                + f'<w:del w:id="1" w:author="B" w:date="{_DATE}"><w:r><w:delText>never</w:delText></w:r></w:del>'
                + run("today.")
            ),
            ["Paid today."],
            {},
        ),
        (
            "smart tag",
            par(f'<w:smartTag w:uri="u" w:element="e">{run("Lisbon office")}</w:smartTag>' + run(" closed.")),
            ["Lisbon office closed."],
            {},
        ),
        (
            "content control inline",
            par(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Chosen value')}</w:sdtContent></w:sdt>"),
            ["Chosen value"],
            {},
        ),
        (
            "content control block",
            f"<w:sdt><w:sdtPr/><w:sdtContent>{_FIRST}</w:sdtContent></w:sdt>",
            ["The seller shipped 14 units on 3 March."],
            {},
        ),
        ("field", par(run("Page ") + field(" PAGE ", "12") + run(" of it")), ["Page 12 of it"], {}),
        (
            "simple field",
            par(f'<w:fldSimple w:instr=" AUTHOR ">{run("Ana")}</w:fldSimple>' + run(" wrote it")),
            ["Ana wrote it"],
            {},
        ),
        (
            "table",
            table(cell(par(run("A1"))) + cell(par(run("B1"))), cell(par(run("A2"))) + cell(par(""))),
            ["A1 | B1", "A2 | "],
            {},
        ),
        (
            "two paragraphs a cell",
            table(cell(par(run("One")) + par(run("two"))) + cell(par(run("B")))),
            ["One two | B"],
            {},
        ),
        (
            "nested table",
            table(cell(par(run("Out")) + table(cell(par(run("in"))))) + cell(par(run("B")))),
            ["Out in | B"],
            {},
        ),
        (
            "merged cells",
            table(
                cell(par(run("Wide")), '<w:gridSpan w:val="2"/>') + cell(par(run("X")), '<w:vMerge w:val="restart"/>'),
                cell(par(run("a"))) + cell(par(run("b"))) + cell(par(""), "<w:vMerge/>"),
            ),
            ["Wide | X", "a | b | "],
            {},
        ),
        (
            "text box",
            par(run("Before.") + text_box(par(run("Boxed words.")))) + par(run("After.")),
            ["Before.", "Boxed words.", "After."],
            {},
        ),
        (
            "footnote",
            par(run("Claim") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" stands.")),
            ["Claim stands.", "As told in ticket 4."],
            {"parts": {"footnotes": _NOTE}},
        ),
        (
            "header and footer",
            _FIRST,
            ["Case 12", "The seller shipped 14 units on 3 March.", "Confidential"],
            {
                "parts": {"header1": par(run("Case 12")), "footer1": par(run("Confidential"))},
                "section": '<w:headerReference w:type="default" r:id="rId1"/><w:footerReference w:type="default" r:id="rId2"/>',
            },
        ),
        (
            "existing comment",
            par(
                '<w:commentRangeStart w:id="7"/>'
                + run("Old words")
                + '<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>'
                + run(" and new")
            ),
            ["Old words and new"],
            {"parts": {"comments": _COMMENT}},
        ),
        (
            "numbered list",
            _listed("First") + _listed("Nested", 1) + _listed("Second"),
            ["First", "Nested", "Second"],
            {"parts": {"numbering": _NUMBERING}},
        ),
        (
            "styled headings",
            par(run("Ursache"), '<w:pStyle w:val="berschrift1"/>')
            + _FIRST
            + par(run("Mehr"), '<w:pStyle w:val="Mine"/>'),
            ["Ursache", "The seller shipped 14 units on 3 March.", "Mehr"],
            {"parts": {"styles": _STYLES}},
        ),
        (
            "bookmark and proof marks",
            par(
                '<w:bookmarkStart w:id="1" w:name="b"/>'
                + run("Mar")
                + '<w:proofErr w:type="spellStart"/>'
                + run("ked.")
                + '<w:bookmarkEnd w:id="1"/>'
            ),
            ["Marked."],
            {},
        ),
        (
            "two texts a run",
            par("<w:r><w:rPr><w:b/></w:rPr><w:t>First </w:t><w:t>second</w:t></w:r>"),
            ["First second"],
            {},
        ),
    ]
}
