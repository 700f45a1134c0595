"""A PDF that was cut short: its pages are still there, but the index at the file's end is not."""

from __future__ import annotations

import re

_OBJECT = re.compile(rb"(?:^|[\r\n])\s*(\d{1,8})[ \t]+(\d{1,5})[ \t]+obj\b")
_CATALOG = re.compile(rb"/Type\s*/Catalog\b")
_PAGE_TREE = re.compile(rb"/Type\s*/Pages\b")
_PAGE = re.compile(rb"/Type\s*/Page(?!\w)")
_PARENT = re.compile(rb"/Parent\b")
_END = re.compile(rb"endobj|\bstream\r?\n")
_MAX_HEAD = 4096


def repaired(content: bytes) -> bytes | None:
    """Add an index to a PDF that has lost its own.

    Parameters
    ----------
    content
        The file as it is.

    Returns
    -------
    bytes or None
        The file with a trailer that leads to its pages; None where no page is to be seen in it.
    """
    catalog, tree, pages, last = _objects(content)
    if catalog is None and tree is None and not pages:
        return None
    # A trailer of which half is there would be taken for the whole; whatever else was cut in the middle is closed.
    trailer = content.find(b"trailer", content.rfind(b"endobj") + 1)
    content = content[:trailer] if trailer >= 0 else content
    added = [b"\nendstream\nendobj\n"]
    if catalog is None:
        if tree is None:
            kids = b" ".join(b"%d 0 R" % page for page in pages)
            tree = last + 2
            added.append(b"%d 0 obj <</Type /Pages /Kids [%b] /Count %d>> endobj\n" % (tree, kids, len(pages)))
        catalog = last + 1
        added.append(b"%d 0 obj <</Type /Catalog /Pages %d 0 R>> endobj\n" % (catalog, tree))
    added.append(b"trailer <</Root %d 0 R /Size %d>>\nstartxref\n0\n%%%%EOF\n" % (catalog, last + 3))
    return content + b"".join(added)


def _objects(content: bytes) -> tuple[int | None, int | None, list[int], int]:
    """Find the catalogue, the root of the page tree, the pages, and the highest number of an object."""
    catalog: int | None = None
    tree: int | None = None
    pages: list[int] = []
    last = 0
    for match in _OBJECT.finditer(content):
        number = int(match[1])
        last = max(last, number)
        end = _END.search(content, match.end(), match.end() + _MAX_HEAD)
        head = content[match.end() : end.start() if end else match.end() + _MAX_HEAD]
        if _CATALOG.search(head):
            catalog = number
        elif _PAGE_TREE.search(head):
            tree = tree if _PARENT.search(head) else number
        elif _PAGE.search(head):
            pages.append(number)
    return catalog, tree, list(dict.fromkeys(pages)), last
