"""The documentation site: it builds without a warning, is up to date, and loads nothing from elsewhere."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import click
import pytest

import roleclassify
from conftest import ROOT
from roleclassify.cli.entry import program

DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "roleclassify"
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
REMOTE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)", re.IGNORECASE)  # the names of XML's vocabularies are no address


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site as built, warnings being errors."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(folder)]
    built = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False)
    assert built.returncode == 0, built.stderr
    return folder


class _Loaded(HTMLParser):
    """Addresses that a browser loads to show a page; where a link leads to is not among them."""

    def __init__(self):
        super().__init__()
        self.addresses = []
        self.styles = []
        self._inside = ""

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self._inside = tag
        self.styles.append(given.get("style", ""))
        self.addresses += [given.get(name, "") for name in ("src", "poster", "data", "background")]
        self.addresses += given.get("srcset", "").split(",")
        if tag in ("use", "image") or (tag == "link" and LOADING_LINKS & set(given.get("rel", "").lower().split())):
            self.addresses += [given.get("href", ""), given.get("xlink:href", "")]

    def handle_data(self, data):
        if self._inside == "style":
            self.styles.append(data)
        elif self._inside == "script":
            self.addresses += addresses_in_script(data)


def addresses_in_style(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.findall(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""", text)


def addresses_in_script(text):
    text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"""["'`]((?:https?:)?//\w[^"'`]*)""", text)


def remote(name, text):
    """Addresses beyond the site that a file makes a browser load."""
    if name.endswith(".css"):
        addresses = addresses_in_style(text)
    elif name.endswith(".js"):
        addresses = addresses_in_script(text)
    else:
        page = _Loaded()
        page.feed(text)
        addresses = page.addresses + [address for style in page.styles for address in addresses_in_style(style)]
    return [address for address in addresses if REMOTE.match(address.strip())]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example.com/a.js"></script>'),
        ("a.html", '<link rel="preconnect stylesheet" href="//fonts.example.com/a.css">'),
        ("a.html", '<img srcset="a.png, http://example.com/b.png 2x">'),
        ("a.html", "<style>@import 'https://example.com/a.css';</style>"),
        ("a.html", '<p style="background: url(https://example.com/a.png)">'),
        ("a.html", "<script>import('https://example.com/a.js')</script>"),
        ("a.html", '<object data="https://example.com/a.svg"></object>'),
        ("a.css", '@font-face { src: url( "https://example.com/a.woff2" ) }'),
        ("a.js", 'fetch("https://example.com/a.json")'),
    ],
)
def test_remote_address_is_found(name, text):
    assert remote(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<a href="https://example.com">a link</a><img src="_static/a.png">'),
        ("a.html", '<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
        ("a.css", "/* https://example.com */ a { background: url(a.png) }"),
        ("a.js", "// see https://example.com\nlet a = 'http://www.w3.org/2000/svg'"),
    ],
)
def test_local_address_is_no_remote_one(name, text):
    assert remote(name, text) == []


def test_site_loads_nothing_from_elsewhere(site):
    files = [path for path in site.rglob("*") if path.suffix in (".html", ".css", ".js", ".svg")]
    assert {".html", ".css", ".js"} <= {path.suffix for path in files}
    found = {path.name: remote(path.name, path.read_text(encoding="utf-8")) for path in files}
    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def test_every_page_is_in_the_site_and_in_its_contents(site):
    contents = (site / "index.html").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").is_file()
        assert page.stem == "index" or f'href="{page.stem}.html"' in contents


def test_command_line_reference_is_fresh():
    # In an interpreter of its own: click keeps the first --help that a command shows.
    code = f"import runpy; print(runpy.run_path({str(DOCS / 'generate_cli.py')!r})['page'](), end='')"
    page = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout
    fresh = (DOCS / "cli.md").read_text(encoding="utf-8") == page
    assert fresh, "docs/cli.md is not what the commands' --help says; renew it with: make docs"


def test_command_line_reference_has_every_command():
    reference = (DOCS / "cli.md").read_text(encoding="utf-8")
    for path in command_paths("roleclassify", program):
        assert f"\n\n```text\nUsage: {path} " in reference


def command_paths(path, command):
    yield path
    for name in command.list_commands(None) if isinstance(command, click.Group) else ():
        yield from command_paths(f"{path} {name}", command.get_command(None, name))


def test_reference_has_every_public_name_and_error(site):
    errors = ast.parse((SOURCE / "errors.py").read_text(encoding="utf-8"))
    names = [node.name for node in errors.body if isinstance(node, ast.ClassDef)]
    page = (site / "api.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'<dt class="[^"]*" id="([^"]+)"', page))
    described = {target.rpartition(".")[2] for target in targets}
    assert {*roleclassify.__all__, *names} <= described


def test_architecture_has_every_stage():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    stages = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    missing = {stage for stage in stages - {"__init__"} if f"`{stage}" not in page}
    assert missing == set(), "docs/architecture.md says nothing of these"


def test_formulas_are_shown_without_a_script(site):
    page = (site / "model.html").read_text(encoding="utf-8")
    assert page.count("<math ") >= 8
    assert "mathjax" not in page.lower()
    assert not re.search(r"\\(?:frac|sum|begin)\b|\$\$", page)
