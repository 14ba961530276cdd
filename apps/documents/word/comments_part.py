"""The part of a Word file that holds its comments, and what makes it known to the file."""

import re
from collections.abc import Iterable

from lxml import etree

from apps.documents.blocks.archive_limits import read_xml_part
from apps.documents.blocks.cleaning import clean_text
from apps.documents.word.annotations import Annotation
from apps.documents.word.names import W_STRICT, XML_SPACE, W, attribute
from apps.documents.word.package import WordPackage

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_ROLE_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
_LONGEST_INITIALS = 9
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class CommentsPart:
    """The comments of a file being annotated; `changed_parts` gives the parts to write."""

    def __init__(self, package: WordPackage, *, body: etree._Element) -> None:
        self._package = package
        self._space = W_STRICT if body.tag.startswith(f"{{{W_STRICT}}}") else W
        self._existing = package.related("comments")
        self._name = self._existing or self._free_name()
        foreign = package.xml(self._existing).iter(self._w("comment")) if self._existing else ()
        self._next_id = max([*_used_ids(foreign), *_used_ids(self._marks(body)), -1]) + 1
        self._added = etree.Element(self._w("comments"), nsmap={"w": self._space})

    def add(self, annotation: Annotation, *, note: str = "") -> str:
        """Add a comment and return its id; `note` is a first paragraph that tells where the words stand."""
        comment_id = str(self._next_id)
        self._next_id += 1
        comment = etree.SubElement(self._added, self._w("comment"))
        comment.set(self._w("id"), comment_id)
        comment.set(self._w("author"), legal(annotation.author) or "AI-Prism")
        comment.set(self._w("date"), annotation.at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        comment.set(self._w("initials"), legal(annotation.initials)[:_LONGEST_INITIALS])
        lines = legal(annotation.text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for line in [note, *lines] if note else lines:
            run = etree.SubElement(etree.SubElement(comment, self._w("p")), self._w("r"))
            text = etree.SubElement(run, self._w("t"))
            text.text = line
            text.set(XML_SPACE, "preserve")
        return comment_id

    def changed_parts(self) -> dict[str, bytes]:
        """Bytes by part name: the comments and, when the file had none, its content types and relationships."""
        if self._existing:
            return {self._name: self._with_added(self._existing)}
        return {
            self._name: serialized(self._added),
            "[Content_Types].xml": self._content_types(),
            self._package.relations_name(): self._relations(),
        }

    def _with_added(self, name: str) -> bytes:
        """The part as it was, to the byte, with the new comments before its end."""
        data = read_xml_part(self._package.archive, name)
        added = b"".join(etree.tostring(comment, encoding="UTF-8", xml_declaration=False) for comment in self._added)
        end = data.rfind(b"</")
        if end >= 0 and data.rstrip().endswith(b">") and b"comments" in data[end:] and _is_utf8(data):
            return data[:end] + added + data[end:]
        root = self._package.xml(name)
        root.extend(list(self._added))
        return serialized(root)

    def _free_name(self) -> str:
        folder = self._package.main_name.rpartition("/")[0]
        number = 0
        while True:
            name = f"{folder}/comments{number or ''}.xml".lstrip("/")
            if name not in self._package.names:
                return name
            number += 1

    def _content_types(self) -> bytes:
        root = self._package.xml("[Content_Types].xml")
        override = etree.SubElement(root, f"{{{_TYPES}}}Override")
        override.set("PartName", f"/{self._name}")
        override.set("ContentType", _CONTENT_TYPE)
        return serialized(root)

    def _relations(self) -> bytes:
        name = self._package.relations_name()
        root = (
            self._package.xml(name) if name in self._package.names else etree.Element(f"{{{_RELATIONS}}}Relationships")
        )
        used = {one.get("Id") for one in root}
        number = len(used) + 1
        while f"rId{number}" in used:
            number += 1
        relation = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship")
        relation.set("Id", f"rId{number}")
        relation.set("Type", _ROLE if self._space == W else _ROLE_STRICT)
        relation.set("Target", f"/{self._name}")
        return serialized(root)

    def _marks(self, body: etree._Element) -> Iterable[etree._Element]:
        return body.iter(*(self._w(name) for name in _MARKS))

    def _w(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


def legal(text: str) -> str:
    """The text without what XML cannot hold or what could make it read differently; emoji and every script stay."""
    return _ILLEGAL_IN_XML.sub("", clean_text(text).text)


def serialized(root: etree._Element) -> bytes:
    """The whole part as UTF-8 with its declaration, comments and processing instructions around the root kept."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _is_utf8(data: bytes) -> bool:
    head = data[:200].lower()
    return b"encoding=" not in head or b"utf-8" in head


def _used_ids(elements: Iterable[etree._Element]) -> list[int]:
    values = (attribute(element, "id") or "" for element in elements)
    return [int(value) for value in values if value.lstrip("-").isdigit()]
