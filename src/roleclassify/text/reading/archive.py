"""Documents that are zip files of XML, opened without trusting what they say about their size."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from roleclassify.errors import UnreadableDocumentError

MAX_ENTRIES = 5000
MAX_TOTAL_BYTES = 512 * 2**20  # as declared; pictures and embedded fonts count too
MAX_XML_BYTES = 32 * 2**20
# Deflate reaches 1:1032 on runs of one byte; XML of real documents stays under 1:60.
MAX_RATIO = 200
_RATIO_FROM_BYTES = 2**20

# What zipfile raises on damaged or hostile input, found by flipping bytes: struct and Unicode errors from mangled
# headers, NotImplementedError for unknown compression, RuntimeError for encryption.
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, NotImplementedError),
    *(RuntimeError, ValueError, KeyError, OverflowError, MemoryError, IndexError),
)


class Archive:
    """A zip file in memory.

    Parameters
    ----------
    content
        The whole file.
    source
        What to call it in errors.

    Raises
    ------
    UnreadableDocumentError
        The archive is damaged, or unpacks to more than a document would.
    """

    def __init__(self, content: bytes, source: str) -> None:
        self.source = source
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self._zip.infolist()
        except _ZIP_ERRORS as error:
            raise self._damaged() from error
        total = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if len(entries) > MAX_ENTRIES or total > MAX_TOTAL_BYTES or _is_bomb(total, packed):
            raise self._oversized()
        self.names = frozenset(entry.filename for entry in entries)

    def is_text_document(self) -> bool:
        """Say whether the OpenDocument file is a text, not a sheet or a drawing."""
        if "mimetype" not in self.names:
            # Only the manifest tells then; the text reader finds out by itself.
            return True
        return b"opendocument.text" in self.read("mimetype")

    def read(self, part: str) -> bytes:
        """Unpack one part, at most as much as a document's XML could be."""
        try:
            with self._zip.open(part) as packed:
                content = packed.read(MAX_XML_BYTES + 1)
                entry = self._zip.getinfo(part)
        except _ZIP_ERRORS as error:
            if self._zip.NameToInfo[part].flag_bits & 1:
                raise self.protected() from error
            raise self._damaged() from error
        if len(content) > MAX_XML_BYTES or _is_bomb(len(content), entry.compress_size):
            raise self._oversized()
        return content

    def xml(self, part: str) -> Element:
        """Parse one part, with entities and document types refused."""
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        content = self.read(part)
        try:
            root: Element = fromstring(content, forbid_dtd=True)
        except DefusedXmlException as error:
            raise UnreadableDocumentError(
                self.source, "its XML declares entities, which no word processor writes", "save it again"
            ) from error
        except (ParseError, ValueError, LookupError) as error:
            raise self._damaged() from error
        return root

    def protected(self) -> UnreadableDocumentError:
        """Build the error for a document under a password."""
        return UnreadableDocumentError(
            self.source, "it is protected by a password", "remove the password and save it again"
        )

    def _damaged(self) -> UnreadableDocumentError:
        return UnreadableDocumentError(self.source, "the file is damaged or cut short", "get it again, or re-save it")

    def _oversized(self) -> UnreadableDocumentError:
        return UnreadableDocumentError(
            self.source, "it unpacks to far more than a document would", "give the document alone"
        )


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _RATIO_FROM_BYTES and unpacked > MAX_RATIO * max(packed, 1)
