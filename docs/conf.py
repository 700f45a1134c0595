"""Settings of the documentation site: everything it shows is built here, nothing is fetched by a reader's browser."""

from __future__ import annotations

import re

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

import roleclassify

project = "roleclassify"
author = "the roleclassify authors"
version = release = roleclassify.__version__
copyright = "the roleclassify authors, MIT licence"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
myst_update_mathjax = False

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 120
toc_object_entries_show_parents = "hide"
napoleon_google_docstring = False
napoleon_use_ivar = True  # autodoc describes attributes that have a docstring itself; twice is a warning

html_theme = "furo"
html_title = "roleclassify"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}


def setup(app: Sphinx) -> None:
    """Write formulas as MathML, which browsers show by themselves: Sphinx's own renderer loads a script from afar."""
    app.add_html_math_renderer("mathml", (_write_inline, None), (_write_block, None))
    app.connect("autodoc-process-signature", _hide_fields)
    app.connect("autodoc-process-docstring", _keep_together, priority=600)  # behind napoleon's 500


def _hide_fields(app: Sphinx, what: str, *described: object) -> tuple[str, str] | None:
    """Leave the call out of a class: answers are read, not made, and their fields are listed below."""
    return ("", "") if what == "class" else None


def _keep_together(app: Sphinx, what: str, name: str, described: object, options: object, lines: list[str]) -> None:
    """Keep two attributes that are described together from being read as a type and a name."""
    lines[:] = [re.sub(r"^(:ivar \w+), (\w+:)", r"\1,\2", line) for line in lines]


def _write_inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def _write_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="formula">{tex2mathml(node.astext(), as_block=True)}</div>\n')
    raise nodes.SkipNode
