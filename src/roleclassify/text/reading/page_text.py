"""The text that a reader of a page would see, without menus."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from roleclassify.text.reading.markup import Node

_NEVER_SHOWN = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe", "object", "canvas", "audio"}
    | {"video", "select", "option", "datalist", "textarea", "button", "input", "map", "applet", "embed", "dialog"}
    | {"del"}
)
_BESIDE_MAIN = frozenset({"nav", "footer", "form", "header", "aside", "menu"})
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "section", "article", "blockquote", "pre"}
    | {"header", "footer", "main", "aside", "nav", "form", "fieldset", "figure", "hr", "details"}
)
_LINES = frozenset(
    {"div", "li", "tr", "dt", "dd", "caption", "address", "figcaption", "legend", "summary", "center", "body", "html"}
    | {"thead", "tbody", "tfoot", "label"}
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_COOKIE = re.compile(r"cookie|consent|gdpr|onetrust", re.I)
_RELATED = re.compile(r"breadcrumb|related|similar|sidebar|share|social|newsletter|signup|sign-up|skip-link", re.I)
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
# Stand for the edges of blocks and of paragraphs until the seams are known: edges that meet make one break.
_EDGE, _PARAGRAPH_EDGE = "\x1e", "\x1d"
_EDGES = re.compile(r"[ \t]*[\x1d\x1e][\x1d\x1e \t]*")
_AROUND_TAB = re.compile(r" *\t[ \t]*")
_LONE_DASH = re.compile(r"^-\n+(?=\S)", re.M)
# Beside the main text stands what is less than half of all the page says; a form around a whole page is not it.
_MAIN_SHARE = 0.5
_MENU_SHARE = 0.4
ENOUGH_CHARACTERS = 200
ENOUGH_SHARE = 0.25


def main_text(page: Node) -> str:
    """Take what a reader came for; all that is visible, where leaving out menus would leave almost nothing.

    Parameters
    ----------
    page
        The tree of a page or of a fragment.

    Returns
    -------
    str
        Text with a line for each block and an empty line between paragraphs.
    """
    visible = render(page, _is_hidden)
    sizes: dict[int, _Size] = {}
    limit = _MAIN_SHARE * _measure(page, sizes, is_linked=False).n_characters

    def dropped(node: Node) -> bool:
        if _is_hidden(node):
            return True
        size = sizes[id(node)]
        return size.n_characters < limit and _is_beside_main(node, size)

    kept = render(page, dropped)
    if len(kept) < min(ENOUGH_CHARACTERS, len(visible)) and len(kept) < ENOUGH_SHARE * len(visible):
        return visible
    return kept


def render(page: Node, dropped: Callable[[Node], bool]) -> str:
    """Lay out the text of all elements but the dropped ones."""
    pieces: list[str] = []
    _render(page, dropped, pieces, preformatted=False)
    return _join(pieces)


def _render(node: Node, dropped: Callable[[Node], bool], pieces: list[str], *, preformatted: bool) -> None:
    if dropped(node):
        return
    if node.tag == "br":
        pieces.append("\n")
        return
    if node.tag in {"td", "th"} and not preformatted:
        pieces.extend((_cell(node, dropped), "\t"))
        return
    edge = _PARAGRAPH_EDGE if node.tag in _PARAGRAPHS else _EDGE if node.tag in _LINES else ""
    pieces.append(edge)
    if node.tag == "li":
        pieces.append("- ")
    preformatted = preformatted or node.tag == "pre"
    for child in node.children:
        if isinstance(child, Node):
            _render(child, dropped, pieces, preformatted=preformatted)
        else:
            pieces.extend(child.splitlines(keepends=True) if preformatted else (_BLANKS.sub(" ", child),))
    pieces.append(edge)


def _cell(node: Node, dropped: Callable[[Node], bool]) -> str:
    """Lay a cell out by itself: one of a single line stays on the row's line, whatever elements are around it."""
    pieces: list[str] = []
    for child in node.children:
        if isinstance(child, Node):
            _render(child, dropped, pieces, preformatted=False)
        else:
            pieces.append(_BLANKS.sub(" ", child))
    text = _join(pieces)
    return f"{_EDGE}{text}{_EDGE}" if "\n" in text else text


def _join(pieces: list[str]) -> str:
    """Collapse blanks at the seams: inline elements meet inside words, blocks never do."""
    joined = _EDGES.sub(lambda edges: "\n\n" if _PARAGRAPH_EDGE in edges[0] else "\n", "".join(pieces))
    lines = (_AROUND_TAB.sub("\t", re.sub(r" {2,}", " ", line)).strip() for line in joined.split("\n"))
    # A paragraph inside a list item begins on the line of the item's dash.
    return _LONE_DASH.sub("- ", re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip()


def _is_hidden(node: Node) -> bool:
    if node.tag in _NEVER_SHOWN:
        return True
    attributes = node.attributes
    # On larger elements aria-hidden only says that a dialog was open when the page was saved.
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and node.tag in {"i", "span"}):
        return True
    return bool(_HIDDEN_STYLE.search(attributes.get("style", "")))


@dataclass(frozen=True, slots=True)
class _Size:
    """How many characters an element shows, blanks apart, and how many of them are links."""

    n_characters: int
    n_linked: int


def _measure(node: Node, sizes: dict[int, _Size], *, is_linked: bool) -> _Size:
    """Measure an element and all inside it, each once."""
    n_characters = n_linked = 0
    if not _is_hidden(node):
        is_linked = is_linked or node.tag == "a"
        for child in node.children:
            if isinstance(child, Node):
                inner = _measure(child, sizes, is_linked=is_linked)
                n_characters += inner.n_characters
                n_linked += inner.n_linked
            else:
                length = len(_BLANKS.sub("", child))
                n_characters += length
                n_linked += length * is_linked
    sizes[id(node)] = _Size(n_characters, n_linked)
    return sizes[id(node)]


def _is_beside_main(node: Node, size: _Size) -> bool:
    named = f"{node.attributes.get('id', '')} {node.attributes.get('class', '')}"
    if _COOKIE.search(named) or node.attributes.get("role") in {"navigation", "dialog", "alertdialog", "search"}:
        return True
    if node.tag in {"header", "aside"} or _RELATED.search(named):
        # A resume has its name in the one and its skills in the other; a menu is mostly links.
        return size.n_linked > _MENU_SHARE * size.n_characters
    return node.tag in _BESIDE_MAIN
