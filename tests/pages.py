"""Pages for the tests of pages: hostile documents, and reading a page back."""

from __future__ import annotations

import dataclasses
import html
import itertools
import re
from html.parser import HTMLParser

import roleclassify

# What would do something, or break out of its place, if it were not escaped; each bears the mark `evil`.
PAYLOADS = (
    "<script>window.evil=1</script>",
    "<img src=x onerror=window.evil=1 data-evil>",
    "<svg onload=window.evil=1 data-evil>",
    "</div></main><iframe srcdoc='<b data-evil>'></iframe>",
    '"><b data-evil onmouseover="window.evil=1">',
    "' autofocus onfocus='window.evil=1' data-evil='",
    '" style="background:url(evil)" data-evil="',
    "</title><script>window.evil=1</script>",
    "</style><script>window.evil=1</script>",
    "<style>body{display:none}</style><b data-evil>",
    "<!-- evil --><b data-evil>",
    "<![CDATA[<b data-evil>]]>",
    "<a href='javascript:window.evil=1' data-evil>click</a>",
    "<meta http-equiv=refresh content='0;url=evil'><b data-evil>",
    "<mark data-evil onclick=window.evil=1>",
    "&lt;b data-evil&gt; &amp;amp; &#60;b data-evil>",
    "{{ 7 * 7 }}<b data-evil>{% include 'evil' %}{# evil #}",
    "<base href=evil><link rel=stylesheet href=evil data-evil>",
    "<form action=evil><input data-evil autofocus onfocus=window.evil=1>",
    "\N{RIGHT-TO-LEFT OVERRIDE}<b data-evil>\N{ZERO WIDTH SPACE}\N{LINE SEPARATOR}",
    "<b/data-evil\t\x0c\x0b\x1b[31m\x7f\x85>",
    "<details open ontoggle=window.evil=1 data-evil>",
    "<template data-evil><slot></template><plaintext>",
    "<noscript><b data-evil></noscript>",
    "\\x3cb data-evil\\x3e \\u003cb data-evil\\u003e <b data-evil",
)
TEXTS = (
    "{} Deploy models with Docker and Kubernetes, monitor latency in production.",
    "Run A/B tests {} in R and present insights to stakeholders.\r\nUse SQL for dashboards.",
    "Build ML{}pipelines and CI/CD for model serving; on-call rotation.",
    "Statistics\r{}\nmachine\tlearning, forecasting with Bayesian models",
    "Design experiments, write Python and SQL. {}\n\n{} Feature store and retraining.",
    "Hypothesis testing with {0}statistical{0} models {0} in {0} R.",
    "{}",
    "evil {} Deploy models. " * 40,
)


def hostile_documents() -> list[roleclassify.Document]:
    """200 documents with hostile markup in text, file name and warnings."""
    return [
        roleclassify.Document(
            text.replace("{0}", "{}").replace("{}", payload), f"cv {payload}.txt", warnings=(payload,)
        )
        for text, payload in itertools.product(TEXTS, PAYLOADS)
    ]


def hostile_classifier(payload: str) -> roleclassify.RoleClassifier:
    """The shipped model with hostile names: its own, its labels', its concepts' and its terms'."""
    classifier = roleclassify.load()
    bundle = classifier.bundle
    labels = tuple(f"{label} {payload}" for label in bundle.labels)
    renamed = dict(zip(bundle.labels, labels, strict=True))
    lexicon = bundle.space.lexicon
    concepts = tuple(
        dataclasses.replace(
            concept,
            id=f"{concept.id} {payload}",
            role=renamed.get(concept.role, concept.role),
            description=f"{concept.description} {payload}",
        )
        for concept in lexicon.concepts
    )
    titles = dataclasses.replace(
        lexicon.titles, patterns=tuple((renamed[label], regex) for label, regex in lexicon.titles.patterns)
    )
    lexicon = dataclasses.replace(lexicon, name=payload, labels=labels, concepts=concepts, titles=titles)
    space = dataclasses.replace(bundle.space, lexicon=lexicon)
    return roleclassify.RoleClassifier(dataclasses.replace(bundle, space=space, name=f"{bundle.name} {payload}"))


def plain(page: str) -> str:
    """What a page says, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])).split())


def hundredths(number: str) -> int:
    """Read a printed number."""
    return round(100 * float(number.replace("\N{MINUS SIGN}", "-")))


def printed_rows(part: str) -> dict[str, int]:
    """Name and figure of each row of the tables in a part of a page, in hundredths."""
    found = re.findall(
        r'<th scope="row"><b>(.*?)</b>.*?<td class="number[^"]*">(?:<span class="faint">)?([^\s<]+)', part, re.DOTALL
    )
    assert len(found) == part.count('<th scope="row">')
    return {html.unescape(name): hundredths(amount) for name, amount in found}


class PageReader(HTMLParser):
    """Reads a page back: its tags and attributes, and the document's text with the marks in it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.text = ""
        self.marks: list[tuple[int, int, str]] = []
        self._depth = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update((tag, name) for name, _ in attrs)
        values = dict(attrs)
        self.links += [values[name] or "" for name in ("href", "src") if name in values]
        if self._depth or values.get("id") == "text":
            self._depth += 1
            if tag == "mark":
                self.marks.append((len(self.text), -1, values["data-tip"] or ""))

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1
            if tag == "mark":
                start, _, tip = self.marks[-1]
                self.marks[-1] = (start, len(self.text), tip)

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.text += data
