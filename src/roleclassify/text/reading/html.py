"""HTML: the posting that a page declares for machines, or else the text a reader would see, without menus."""

from __future__ import annotations

import re

from roleclassify.text.document import Document
from roleclassify.text.reading.charset import decode
from roleclassify.text.reading.cleaning import normalize, tidy
from roleclassify.text.reading.job_posting import posting_text
from roleclassify.text.reading.markup import parse
from roleclassify.text.reading.page_text import ENOUGH_CHARACTERS, ENOUGH_SHARE, main_text

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,80}encoding=[\"']([\w.:-]{1,40})", re.I
)


def read_html(content: bytes, name: str) -> Document:
    r"""Read a page: its schema.org ``JobPosting`` if it has one, its main text otherwise.

    Examples
    --------
    >>> read_html(b"<nav>Home</nav><h1>Analyst</h1><p>Builds <b>models</b>.</p>", "page.html").text
    'Analyst\n\nBuilds models.'
    """
    match = _DECLARED.search(content[:4096])
    declared = (match[1] or match[2]).decode("ascii", "ignore") if match else None
    decoded = decode(content, declared)
    page = parse(normalize(decoded.text))
    shown = main_text(page)
    posting = posting_text(page)
    # A page may declare only the first lines of its posting.
    if len(posting) < min(ENOUGH_CHARACTERS, len(shown)) or len(posting) < ENOUGH_SHARE * len(shown):
        posting = ""
    text, warnings = tidy(posting or shown)
    return Document(text=text, source=name, format="html", warnings=decoded.warnings + warnings)
