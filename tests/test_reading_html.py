"""HTML: the posting declared for machines first, the main text otherwise."""

import json

import pytest

from roleclassify.text.reading import read_bytes

FILLER = "<p>" + "We describe the work at length so that this is the main text of the page. " * 5 + "</p>"


def text_of(markup):
    return read_bytes(markup.encode(), "page.html").text


def page_with(posting, body="<h1>Shown</h1>"):
    data = posting if isinstance(posting, str) else json.dumps(posting)
    return f'<html><head><script type="application/ld+json">{data}</script></head><body>{body}</body></html>'


POSTING = {"@type": "JobPosting", "title": "MLOps Engineer", "description": "Runs <b>models</b> in production."}


@pytest.mark.parametrize(
    "declared",
    [
        POSTING,
        [POSTING],
        {"@graph": [{"@type": "WebPage"}, POSTING]},
        {"@type": "WebPage", "mainEntity": POSTING},
        POSTING | {"@type": ["JobPosting", "Thing"]},
        POSTING | {"@type": "http://schema.org/JobPosting"},
        "<!--" + json.dumps(POSTING) + "-->",
        "//<![CDATA[\n" + json.dumps(POSTING) + "\n//]]>",
        json.dumps(POSTING) + ";",
        json.dumps(POSTING).replace("Runs ", "Runs\n\t"),
        json.dumps(POSTING | {"description": "&lt;p&gt;Runs models in production.&lt;/p&gt;"}),
        json.dumps(POSTING | {"description": "&amp;lt;p&amp;gt;Runs models in production.&amp;lt;/p&amp;gt;"}),
    ],
)
def test_declared_posting_is_found_wherever_it_is(declared):
    text = text_of(page_with(declared))
    assert text.split() == ["MLOps", "Engineer", "Runs", "models", "in", "production."]
    assert text.startswith("MLOps Engineer\n\n")


@pytest.mark.parametrize(
    "declared", ["{broken", "[" * 100_000, '"text"', "null", '{"@type": "JobPosting"}', '{"@type": 5}']
)
def test_useless_declarations_leave_the_page(declared):
    assert text_of(page_with(declared)) == "Shown"


def test_teaser_does_not_replace_the_page():
    text = text_of(page_with(POSTING, FILLER * 5))
    assert "at length" in text and "MLOps" not in text


def test_several_postings_are_a_list_of_results_not_a_posting():
    other = POSTING | {"title": "Analyst"}
    assert text_of(page_with([POSTING, other])) == "Shown"
    assert text_of(page_with([POSTING, POSTING])).startswith("MLOps Engineer")


def test_lines_of_a_description_without_markup_are_kept():
    posting = POSTING | {"description": "First line\nSecond <b>line</b>\n\n• Third"}
    assert text_of(page_with(posting)) == "MLOps Engineer\n\nFirst line\nSecond line\n\n• Third"


def test_menus_go_and_the_main_text_stays():
    menu = "".join(f"<a href=#>item{number}</a> " for number in range(9))
    text = text_of(f"<header>{menu}</header>{FILLER}<aside class=sidebar>{menu}</aside><footer>fineprint</footer>")
    assert "item" not in text and "fineprint" not in text and "main text" in text


@pytest.mark.parametrize(
    "around", ["form", "header", "nav", "footer", 'div class="cookie-page"', "aside", 'div role="dialog"']
)
def test_main_text_is_never_lost_to_its_wrapper(around):
    assert "main text of the page" in text_of(f"<body><{around}>{FILLER}</{around.split()[0]}><p>Rest</p></body>")


def test_page_of_leftovers_is_kept_whole():
    text = text_of("<nav>Only nav</nav><footer>Only footer</footer><form>Only form</form>")
    assert text.split() == ["Only", "nav", "Only", "footer", "Only", "form"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("<ul><li>one<li>two</ul>three", "- one\n- two\n\nthree"),
        ("<ul><li><p>one</p></li></ul>", "- one"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\nc"),
        ("<table><tr><td>a<table><tr><td>in</table></td><td>b</td></tr></table>", "a\n\nin\nb"),
        ("w<b>or</b>d <i>two</i>", "word two"),
        ("a &amp; b &lt;c&gt; &eacute;&#8211;&#x2022;&#0;&#xD800;", "a & b <c> é\u2013•\ufffd\ufffd"),
        ("<dl><dt>Term<dd>Meaning</dl>", "Term\nMeaning"),
        ("<div>one</div>two<span> three</span>", "one\ntwo three"),
        ("soft&shy;hyphen", "softhyphen"),
        ("<script>no</script><style>no</style><template>no</template>yes", "yes"),
        ("<p style='color:red; DISPLAY : none'>no</p><i aria-hidden=true>no</i><p>yes", "yes"),
        ("<![CDATA[kept]]> <!-- no --> <?php no ?> <!doctype no>yes", "kept yes"),
        ("broken <a href='x>text</a> <b", ""),
    ],
)
def test_layout(markup, text):
    if not text:
        assert isinstance(text_of(markup), str)
    else:
        assert text_of(f"<body>{markup}</body>") == text


def test_declared_charset_is_used():
    page = '<html><head><meta charset="{}"></head><body><p>Инженер</p></body></html>'
    for declared in ("windows-1251", "koi8-r"):
        document = read_bytes(page.format(declared).encode(declared), "page.html")
        assert (document.text, document.warnings) == ("Инженер", ())
    old = "<html><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>Инженер"
    assert read_bytes(old.encode("cp1251"), "page.html").text == "Инженер"
    # UTF-8 is recognised for certain, whatever the page says.
    assert read_bytes(page.format("windows-1251").encode(), "page.html").text == "Инженер"


@pytest.mark.parametrize(
    "hostile",
    [
        "<!--",
        "<a b='",
        "<![CDATA[",
        "<?",
        "</",
        "<div>",
        "<nav>x",
        "&#",
        "<a ",
        "<!DOCTYPE ",
        "<script>",
        "<table><tr><td>",
    ],
)
def test_hostile_markup_takes_no_longer_than_its_length(hostile):
    text_of("<html><body>kept " + hostile * 20_000)
