"""The parts of a Word file: which is the main one, which hang on it, and their XML."""

import posixpath
import zipfile
from typing import NamedTuple

from lxml import etree

from apps.documents.blocks.archive_limits import open_archive, read_xml_part
from apps.documents.blocks.errors import DamagedFileError, NotAWordFileError, TooManyBlocksError

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAX_TAGS = 1_500_000
"""Opening and closing tags in one XML part; so many still fit the memory that the reader may use."""


class Relation(NamedTuple):
    """One relationship of the main part: `role` is the last step of its type ("comments"), `name` the part's name."""

    id: str
    role: str
    name: str


class WordPackage:
    """A .docx opened within the archive limits; raises children of ExtractionError."""

    def __init__(self, content: bytes) -> None:
        self.archive: zipfile.ZipFile = open_archive(content)
        self.names = set(self.archive.namelist())
        self.main_name = self._find_main()
        self.relations = self._relations_of(self.main_name)

    def xml(self, name: str) -> etree._Element:
        """The root of the part's XML."""
        return parse_xml(read_xml_part(self.archive, name))

    def related(self, role: str) -> str | None:
        """Name of the part that the main one names in this role, when it is there."""
        return next((one.name for one in self.relations if one.role == role and one.name in self.names), None)

    def relations_name(self) -> str:
        """Name of the part that holds the main part's relationships."""
        return _relations_name(self.main_name)

    def _find_main(self) -> str:
        if "_rels/.rels" not in self.names:
            raise NotAWordFileError
        for relation in self._relations_of(""):
            if relation.role == "officeDocument" and relation.name in self.names:
                return relation.name
        raise NotAWordFileError

    def _relations_of(self, name: str) -> tuple[Relation, ...]:
        relations_name = _relations_name(name)
        if relations_name not in self.names:
            return ()
        folder = posixpath.dirname(name)
        return tuple(
            Relation(
                id=one.get("Id", ""),
                role=one.get("Type", "").rpartition("/")[2],
                name=posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/"),
            )
            for one in self.xml(relations_name).iter(_RELATION)
            if one.get("TargetMode") != "External"
        )


def parse_xml(data: bytes) -> etree._Element:
    """The root element; raises TooManyBlocksError or DamagedFileError. Entities, networks and huge trees are off."""
    if data.count(b"<") > MAX_TAGS:
        raise TooManyBlocksError
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "memory" in str(error).lower():
            raise MemoryError from error
        raise DamagedFileError from error


def _relations_name(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")
