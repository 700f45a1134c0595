"""Pages in a real browser; skipped where there is none."""

from __future__ import annotations

import shutil

import pytest

import roleclassify
from conftest import ROOT
from pages import hostile_documents
from roleclassify.model.overview import overview
from roleclassify.rendering.pages.comparison import comparison_page
from roleclassify.rendering.pages.documents import card, documents_page, explanation_page, failed_card
from roleclassify.rendering.pages.model import model_page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix != ".csv")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: pages are not looked at")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def explained(classifier, document):
    descriptions = classifier.bundle.space.lexicon.descriptions
    return explanation_page(classifier.explain(document), classifier.counterfactuals(document), descriptions, top=10)


def written(classifier, kind):
    documents = {path.name: roleclassify.read(path) for path in EXAMPLES}
    hybrid, titled = documents["resume-hybrid.pdf"], documents["posting-titled-data-scientist.txt"]
    if kind == "documents":
        descriptions = classifier.bundle.space.lexicon.descriptions
        cards = [card(classifier.explain(document), descriptions, top=5) for document in documents.values()]
        return documents_page([*cards, failed_card("cv.doc", "cannot be read")], classifier.labels, classifier.model)
    if kind == "comparison":
        return comparison_page(classifier.compare(hybrid, titled))
    if kind == "model":
        return model_page(overview(classifier.bundle, top=20))
    chosen = {"role": titled, "near tie": hybrid, "other occupation": documents["resume-chef.docx"]}
    return explained(classifier, chosen.get(kind) or roleclassify.Document("", "empty.txt"))


KINDS = ["role", "near tie", "other occupation", "empty", "documents", "comparison", "model"]


@pytest.fixture(scope="module", params=KINDS)
def page_file(request, classifier, tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / f"{request.param}.html"
    path.write_text(written(classifier, request.param), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 1200), ("light", 375)])
def test_pages_have_no_accessibility_violation(browser, page_file, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    view = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with browser.new_context(bypass_csp=True, **view) as context:  # axe itself is a script
        page = context.new_page()
        page.goto(page_file.as_uri())
        found = Axe().run(page, options=AA).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_pages_work_without_scripts_and_network(browser, page_file):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(page_file.as_uri())
        assert asked == [page_file.as_uri()]
        assert said == []
        assert page.locator("h1").inner_text().strip()
        assert "not a hiring decision" in page.locator("footer").inner_text()


@pytest.mark.parametrize("width", [320, 768])
def test_pages_fit_narrow_screens(browser, page_file, width):
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(page_file.as_uri())
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_no_hostile_document_does_anything(browser, classifier):
    with browser.new_context(bypass_csp=True) as context:  # the policy would hide what is not escaped
        page = context.new_page()
        dialogs = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for document in hostile_documents():
            page.set_content(explained(classifier, document))
            seen = page.evaluate(
                "[window.evil === undefined, document.querySelectorAll('[data-evil], script, img, iframe, svg').length,"
                " document.getElementById('text').textContent]"
            )
            assert seen == [True, 0, document.text]
        assert dialogs == []


def test_marks_tell_their_weight_to_the_keyboard_and_roles_by_shape(browser, classifier):
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(written(classifier, "role"))
        page.locator("#text mark").first.focus()
        shown = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
        assert shown.strip('"') == page.locator("#text mark").first.get_attribute("data-tip")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.dataset.tip") == page.locator("#text mark").nth(1).get_attribute(
            "data-tip"
        )
        style = "element => getComputedStyle(element).textDecorationStyle"
        of_roles = [page.locator(f"#text mark.{side}").first.evaluate(style) for side in ("first", "second")]
        assert of_roles == ["solid", "dotted"]


def test_marks_are_printed(browser, classifier):
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(written(classifier, "role"))
        page.emulate_media(media="print")
        adjust = page.locator("#text mark").first.evaluate("element => getComputedStyle(element).printColorAdjust")
        assert adjust == "exact"


# Of the mark that has the focus: its upper edge, its lower edge, and the upper edge of the tip.
FOCUSED = """() => {
  const mark = document.activeElement;
  const tip = getComputedStyle(mark, '::after');
  const extra = tip.boxSizing === 'border-box' ? 0 : parseFloat(tip.paddingTop) + parseFloat(tip.paddingBottom);
  const boxes = [...mark.getClientRects()];
  return [Math.min(...boxes.map(box => box.top)), Math.max(...boxes.map(box => box.bottom)),
          innerHeight - parseFloat(tip.height) - extra];
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 600), (360, 640)])
@pytest.mark.parametrize("kind", ["role", "near tie"])
def test_focused_mark_is_never_under_the_tip(browser, classifier, kind, width, height):
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.set_content(written(classifier, kind))
        n_marks = page.locator("#text mark").count()
        assert n_marks > 20
        for _ in range(n_marks):
            page.keyboard.press("Tab")
            top, bottom, tip = page.evaluate(FOCUSED)
            assert 0 <= top < bottom <= tip < height
