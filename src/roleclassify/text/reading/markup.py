"""A lenient HTML tree, enough to tell what a reader of the page would see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Deeper than any page; the walk over the tree is recursive.
MAX_DEPTH = 150

VOID = frozenset(
    {"area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param"}
    | {"source", "track", "wbr"}
)
# Start tags that end an open element of the first kind, looked for no further up than the second.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
_ENDS_PARAGRAPH = frozenset(
    {"address", "article", "aside", "blockquote", "div", "dl", "fieldset", "footer", "form", "h1", "h2", "h3", "h4"}
    | {"h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"}
)
_PARAGRAPH = (frozenset({"p"}), frozenset({"div", "td", "th", "li", "section", "article", "body", "button"}))
# In this order: what ends with ">" is looked at when nothing longer is open any more.
_PAIRS = (("<!--", "-->"), ("<![", "]>"), ("<", ">"))
_TAG = re.compile(r"<[^<>]*>")


@dataclass(slots=True)
class Node:
    """An element; its children are elements and strings in the order of the page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def elements(self) -> Iterator[Node]:
        """Yield this element and all inside it, in the order of the page."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def raw_text(self) -> str:
        """Join all strings inside, hidden or not."""
        return "".join(child for node in self.elements() for child in node.children if isinstance(child, str))


def parse(markup: str) -> Node:
    """Build the tree of a page or of a fragment of one.

    Examples
    --------
    >>> [node.tag for node in parse("<ul><li>a<li>b</ul>").elements()]
    ['#page', 'ul', 'li', 'li']
    """
    builder = _Builder()
    try:
        builder.feed(_closable(markup))
        builder.close()
    except AssertionError:
        # html.parser asserts on some malformed declarations; then the tags alone are taken out.
        return Node("#page", children=[_TAG.sub("\n", markup)])
    return builder.page


def _closable(markup: str) -> str:
    """Take out what opens and never closes: html.parser reads on to the end of the file for each, again and again."""
    for opening, closing in _PAIRS:
        last = markup.rfind(closing)
        rest = markup[last + 1 :]
        if opening in rest:
            markup = markup[: last + 1] + rest.replace(opening, " ")
    return markup


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Node("#page")
        self._open = [self.page]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ENDS:
            self._end_open(*_ENDS[tag])
        elif tag in _ENDS_PARAGRAPH:
            self._end_open(*_PARAGRAPH)
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID and len(self._open) < MAX_DEPTH:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML ignores the slash of <div/>; XHTML, where it counts, hardly writes one for an element with content.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def unknown_decl(self, data: str) -> None:
        # CDATA sections of XHTML hold text; other declarations hold none.
        if data.startswith("CDATA["):
            self._open[-1].children.append(data[len("CDATA[") :])

    def _end_open(self, ended: frozenset[str], within: frozenset[str]) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            tag = self._open[depth].tag
            if tag in within and tag not in ended:
                return
            if tag in ended:
                del self._open[depth:]
                # A row ends its open cell first and then itself.
                if not (ended & {"tr"} and tag != "tr"):
                    return
