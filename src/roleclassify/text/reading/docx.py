"""DOCX: body, headers, footers, tables, text boxes, footnotes and endnotes, each text once."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.document import Document
from roleclassify.text.reading.archive import Archive
from roleclassify.text.reading.cleaning import tidy

# Deleted and moved-away text, field codes, properties, and the pronunciation above a word.
_LEFT_OUT = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr"}
    | {"rt", "sdtPr", "sdtEndPr", "tblGrid", "fldData", "altChunk", "docPartObj"}
)
_SYMBOLS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": "",
}
_BULLET = "\N{BULLET}"


def read_docx(content: bytes, name: str) -> Document:
    """Read a Word document.

    Parameters
    ----------
    content
        The whole file.
    name
        What to call it.

    Returns
    -------
    Document
        Headers, body, notes and footers in that order; tracked deletions and hidden text are left out.

    Raises
    ------
    UnreadableDocumentError
        Damaged, oversized, protected, or with XML entities.
    """
    archive = Archive(content, name)
    main = _main_part(archive)
    try:
        blocks = [_part_text(archive, part) for part in _parts(archive, main)]
    except RecursionError as error:
        raise UnreadableDocumentError(name, "its XML is nested too deeply", "save it again") from error
    text, warnings = tidy("\n\n".join(dict.fromkeys(block for block in blocks if block)))
    return Document(text=text, source=name, format="docx", warnings=warnings)


def _main_part(archive: Archive) -> str:
    for kind, target in _relations(archive, ""):
        if kind == "officeDocument" and target in archive.names:
            return target
    return "word/document.xml"


def _parts(archive: Archive, main: str) -> list[str]:
    """List the parts in reading order; only those that the main part refers to are in the document."""
    if main not in archive.names:
        raise UnreadableDocumentError(archive.source, "the file is damaged or cut short", "get it again, or re-save it")
    found: dict[str, list[str]] = {"header": [], "footer": [], "footnotes": [], "endnotes": []}
    for kind, target in _relations(archive, main):
        if kind in found and target in archive.names and target not in found[kind]:
            found[kind].append(target)
    return [*sorted(found["header"]), main, *found["footnotes"], *found["endnotes"], *sorted(found["footer"])]


def _relations(archive: Archive, part: str) -> Iterator[tuple[str, str]]:
    folder, base = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{base}.rels")
    if listing not in archive.names:
        return
    for relation in archive.xml(listing):
        if relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            yield relation.get("Type", "").rpartition("/")[2], path


def _part_text(archive: Archive, part: str) -> str:
    return _blocks(archive.xml(part))


def _local(element: Element) -> str:
    # Comments and processing instructions have a function for a tag.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _blocks(container: Element) -> str:
    """Lay out paragraphs and tables, one a line, text boxes after the paragraph that they hang on."""
    lines: list[str] = []
    for element in container:
        name = _local(element)
        if name == "p":
            lines.extend(_paragraph(element))
        elif name == "tbl":
            lines.extend(_table(element))
        elif name == "sdt" and _is_placeholder(element):
            continue
        elif name not in _LEFT_OUT:
            inner = _blocks(element)
            if inner:
                lines.append(inner)
    return "\n".join(lines)


def _paragraph(paragraph: Element) -> list[str]:
    boxes: list[str] = []
    text = "".join(_runs(paragraph, boxes.append))
    return [text, *boxes]


def _runs(element: Element, box: Callable[[str], None]) -> Iterator[str]:
    for child in element:
        name = _local(child)
        if name == "t":
            yield child.text or ""
        elif name in _SYMBOLS:
            yield _SYMBOLS[name]
        elif name == "sym":
            yield _symbol(child)
        elif name == "AlternateContent":
            yield from _alternative(child, box)
        elif name == "txbxContent":
            box(_blocks(child))
        elif not _is_not_shown(child, name):
            yield from _runs(child, box)


def _alternative(element: Element, box: Callable[[str], None]) -> Iterator[str]:
    """Take the first of the alternatives that says anything: they are one drawing in several dialects."""
    for choice in element:
        boxes: list[str] = []
        text = "".join(_runs(choice, boxes.append))
        if text.strip() or any(boxes):
            yield text
            for content in boxes:
                box(content)
            return


def _symbol(element: Element) -> str:
    """Read a glyph of a symbol font: in the private area it is a bullet or a picture, elsewhere a character."""
    try:
        code = int(_attribute(element, "char"), 16)
    except ValueError:
        return ""
    return _BULLET if 0xE000 <= code <= 0xF8FF or not 0x20 <= code < 0xD800 else chr(code)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _is_not_shown(element: Element, name: str) -> bool:
    """Say whether an element of a paragraph is deleted, hidden, or no text at all."""
    if name == "r":
        return _has_property(element, "rPr", "vanish")
    return name in _LEFT_OUT or (name == "sdt" and _is_placeholder(element))


def _is_placeholder(control: Element) -> bool:
    """Say whether a form field still shows its prompt ("Click here to enter text")."""
    return _has_property(control, "sdtPr", "showingPlcHdr")


def _table(table: Element) -> list[str]:
    lines: list[str] = []
    for row in _inside(table, "tr"):
        cells = [cell for cell in (_blocks(cell).strip("\n") for cell in _inside(row, "tc")) if cell.strip()]
        # A table that lays out a page has whole columns for cells: those stay apart, line by line.
        lines.append(("\n" if any("\n" in cell for cell in cells) else "\t").join(cells))
    return lines


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    """Find rows and cells, also inside content controls and insertions, but not those of nested tables."""
    for child in element:
        name = _local(child)
        if name == wanted:
            if not (wanted == "tr" and _is_deleted_row(child)):
                yield child
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _inside(child, wanted)


def _is_deleted_row(row: Element) -> bool:
    return _has_property(row, "trPr", "del")


def _has_property(element: Element, group: str, name: str) -> bool:
    """Say whether a property is switched on; without a value it is."""
    return any(
        _local(mark) == name and _attribute(mark, "val") not in {"0", "false", "off"}
        for properties in element
        if _local(properties) == group
        for mark in properties
    )
