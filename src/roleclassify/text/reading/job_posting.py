"""The schema.org JobPosting that many pages carry as JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from roleclassify.text.reading.markup import Node, parse
from roleclassify.text.reading.page_text import main_text

_FIELDS = (
    *("description", "responsibilities", "skills", "qualifications", "experienceRequirements"),
    *("educationRequirements", "jobBenefits"),
)
_NAMING = ("name", "description", "credentialCategory", "educationalLevel")
_WRAPPING = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$|;\s*$")
# Known names only: "Python <or> Go" is no markup.
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|section|small|span|strong|su[bp]|t(?:able|body|d|h|r)|u|ul)\b[^<>]*>",
    re.I,
)
_BLOCK = re.compile(r"<(?:p|br|li|ul|ol|div|h[1-6]|tr|section)\b", re.I)
_ENTITY = re.compile(r"&(?:lt|gt|amp|nbsp|quot|#\d+|#x[0-9a-f]+|\w+);", re.I)
_BLANKS = re.compile(r"\s+")
_MAX_NESTING = 12


def posting_text(page: Node) -> str:
    """Put together the text of the one posting that a page declares.

    Parameters
    ----------
    page
        The tree of the page.

    Returns
    -------
    str
        Title and the fields that describe the work, each text once; empty where there is no posting, or where there
        are several, as on a page of search results.
    """
    found = {text for item in _declared(page) for posting in _postings(item, 0) if (text := _compose(posting))}
    return found.pop() if len(found) == 1 else ""


def _declared(page: Node) -> Iterator[object]:
    for node in page.elements():
        if node.tag == "script" and node.attributes.get("type", "").strip().lower().startswith("application/ld+json"):
            # Line ends inside strings are forbidden by JSON and common on the web: hence strict=False.
            try:
                yield json.loads(_WRAPPING.sub("", node.raw_text().strip()), strict=False)
            except (ValueError, RecursionError):
                continue


def _postings(item: object, depth: int) -> Iterator[dict[str, object]]:
    if depth > _MAX_NESTING:
        return
    if isinstance(item, list):
        for part in item:
            yield from _postings(part, depth + 1)
    elif isinstance(item, dict):
        kinds = item.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(name, str) and re.split(r"[/:#]", name)[-1] == "JobPosting" for name in names):
            yield item
        else:
            for part in item.values():
                yield from _postings(part, depth + 1)


def _compose(posting: dict[str, object]) -> str:
    """Join the fields; the description often holds the others already."""
    parts: list[str] = []
    for field in _FIELDS:
        text = "\n".join(_plain(value) for value in _strings(posting.get(field), 0))
        if text and not any(_BLANKS.sub(" ", text) in _BLANKS.sub(" ", earlier) for earlier in parts):
            parts.append(text)
    if not parts:
        return ""
    title = posting.get("title") or posting.get("name")
    return "\n\n".join([_plain(title), *parts] if isinstance(title, str) and title.strip() else parts)


def _strings(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list) and depth < _MAX_NESTING:
        for part in value:
            yield from _strings(part, depth + 1)
    elif isinstance(value, dict):
        for name in _NAMING:
            yield from _strings(value.get(name), depth + 1) if depth < _MAX_NESTING else ()


def _plain(value: str) -> str:
    """Turn a field's HTML into text; some pages escape it once or twice more than needed."""
    for _ in range(2):
        if not _TAG.search(value) and _ENTITY.search(value):
            value = html.unescape(value)
    if not _TAG.search(value):
        return value.strip()
    if not _BLOCK.search(value):
        # Lines are told by newlines alone.
        value = value.strip().replace("\n", "<br>")
    return main_text(parse(value))
