"""Templates: filled in with everything escaped."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from roleclassify.errors import MissingExtraError
from roleclassify.rendering.terminal import ORIGINS, hundredths

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: object) -> str:
    """Fill in a template of this package.

    Raises
    ------
    MissingExtraError
        When jinja2 is not installed.
    """
    return _environment().get_template(f"{template}.html.jinja").render(**values)


@functools.cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("writing HTML pages", "jinja2", "report") from error
    environment = Environment(
        loader=PackageLoader(__name__.rpartition(".")[0]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["signed"] = lambda value: f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")
    environment.filters["hundredths"] = lambda amount: hundredths(amount).replace("-", "\N{MINUS SIGN}")
    environment.filters["ceil"] = math.ceil
    environment.filters["literal"] = literal
    environment.globals["origins"] = ORIGINS
    return environment


def literal(text: str) -> str:
    """Write a text so that an HTML parser gives back its very characters.

    It would turn a carriage return into a line feed; a null character and half a surrogate pair no page can hold.
    """
    from markupsafe import Markup, escape

    kept = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
    return Markup(str(escape(kept)).replace("\r", "&#13;"))
