"""ODT: headers, body with tables and text boxes, footnotes and endnotes, footers, each text once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.document import Document
from roleclassify.text.reading.archive import Archive
from roleclassify.text.reading.cleaning import tidy

_LEFT_OUT = frozenset(
    {"tracked-changes", "annotation", "annotation-end", "ruby-text", "title", "desc", "note-citation", "forms"}
    | {"sequence-decls", "variable-decls", "user-field-decls", "event-listeners", "image", "object", "object-ole"}
    | {"hidden-text", "hidden-paragraph", "list-header", "binary-data", "scripts", "font-face-decls", "styles"}
    | {"automatic-styles", "contour-polygon", "settings"}
)
_BLANKS = re.compile(r"[ \t\r\n]+")
_BREAKS = {"tab": "\t", "line-break": "\n"}
_MAX_REPEAT = 100


def read_odt(content: bytes, name: str) -> Document:
    """Read an OpenDocument text.

    Parameters
    ----------
    content
        The whole file.
    name
        What to call it.

    Returns
    -------
    Document
        Headers, body, notes and footers in that order; tracked deletions, comments and hidden text are left out.

    Raises
    ------
    UnreadableDocumentError
        Damaged, oversized, protected, or with XML entities.
    """
    archive = Archive(content, name)
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise archive.protected()
    body = archive.xml("content.xml")
    styles = archive.xml("styles.xml") if "styles.xml" in archive.names else Element("styles")
    layout = _Layout(_hidden_styles(body) | _hidden_styles(styles))
    try:
        headers, footers = layout.margins(styles)
        main = layout.blocks(body)
    except RecursionError as error:
        raise UnreadableDocumentError(name, "its XML is nested too deeply", "save it again") from error
    blocks = [*headers, main, *layout.notes, *footers]
    text, warnings = tidy("\n\n".join(dict.fromkeys(block for block in blocks if block.strip())))
    return Document(text=text, source=name, format="odt", warnings=warnings)


def _hidden_styles(root: Element) -> frozenset[tuple[str, str]]:
    """Name the styles whose text is not shown, each with its family, since names repeat between families."""
    return frozenset(
        (_attribute(style, "family"), _attribute(style, "name"))
        for style in root.iter()
        if _local(style) == "style" and any(_attribute(properties, "display") == "none" for properties in style)
    )


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _local(element: Element) -> str:
    # Comments and processing instructions have a function for a tag.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Writes the text out, and keeps the notes that it meets for later."""

    hidden_styles: frozenset[tuple[str, str]]
    notes: list[str] = field(default_factory=list)

    def margins(self, styles: Element) -> tuple[list[str], list[str]]:
        """Find the headers and the footers, which a page style holds once for each kind of page."""
        headers: list[str] = []
        footers: list[str] = []
        for element in styles.iter():
            # The namespace tells them from text:list-header and the like.
            namespace, _, name = str(element.tag).rpartition("}")
            if namespace.endswith(":style:1.0") and re.fullmatch(r"(header|footer)(-left|-first)?", name):
                (headers if name.startswith("header") else footers).append(self.blocks(element))
        return headers, footers

    def blocks(self, container: Element) -> str:
        """Lay out paragraphs and tables, one a line, text boxes after the paragraph that they hang on."""
        lines: list[str] = []
        for element in container:
            name = _local(element)
            if name in _LEFT_OUT or self._is_hidden(element):
                continue
            if name in {"p", "h"}:
                boxes: list[str] = []
                lines.append("".join(self._inline(element, boxes)).strip(" "))
                lines.extend(boxes)
            elif name == "table-row":
                lines.append(self._row(element))
            else:
                lines.extend(filter(None, [self.blocks(element)]))
        return "\n".join(lines)

    def _row(self, row: Element) -> str:
        cells = [self.blocks(cell).strip("\n") for cell in row if _local(cell) == "table-cell"]
        cells = [cell for cell in cells if cell.strip()]
        # A table that lays out a page has whole columns for cells: those stay apart, line by line.
        return ("\n" if any("\n" in cell for cell in cells) else "\t").join(cells)

    def _inline(self, element: Element, boxes: list[str]) -> Iterator[str]:
        yield _BLANKS.sub(" ", element.text or "")
        for child in element:
            name = _local(child)
            if name == "note":
                self.notes.append("\n".join(self.blocks(body) for body in child if _local(body) == "note-body"))
            elif name in {"text-box", "custom-shape"}:
                boxes.append(self.blocks(child))
            elif name == "s":
                yield " " * _count(child)
            elif name in _BREAKS:
                yield _BREAKS[name]
            elif name not in _LEFT_OUT and not self._is_hidden(child):
                yield from self._inline(child, boxes)
            yield _BLANKS.sub(" ", child.tail or "")

    def _is_hidden(self, element: Element) -> bool:
        family = {"p": "paragraph", "h": "paragraph", "span": "text"}.get(_local(element), "")
        return (family, _attribute(element, "style-name")) in self.hidden_styles


def _count(spaces: Element) -> int:
    number = _attribute(spaces, "c")
    return min(int(number), _MAX_REPEAT) if number.isdecimal() else 1
