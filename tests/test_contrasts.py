from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclassify.text.contrasts import REACH, ContrastCues, mask_contrasts
from roleclassify.text.tokens import tokenize

CUES = ContrastCues(("rather than", "instead of", "more ... than focused"))


def denied(text):
    return " ".join(
        text[token.start : token.end] for token in mask_contrasts(text, tokenize(text), CUES) if token.kind == "denied"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Cares for insight rather than code", "code"),
        ("Kubernetes instead of bare metal, and Terraform", "bare metal"),
        ("more research-oriented than focused on production code. We deploy", "on production code"),
        ("more than 5 years of Docker", ""),
        ("Rather\nthan\nslides", "slides"),
        ("We want more. Bigger than life", ""),
        ("- notebooks rather than\n- services", ""),
        ("rather than", ""),
        ("İ. slides rather than code", "code"),
        ("We do more; services rather than slides", "slides"),
        ("rather than maintaining .NET code", "maintaining .NET code"),
        ("rather than slides – and code", "slides"),
        ("instead of " + "word " * 20, "word " * (REACH - 1) + "word"),
    ],
)
def test_contrasts_deny_the_rest_of_their_clause(text, expected):
    assert denied(text) == expected


@given(
    st.lists(st.sampled_from(["rather", "than", "more", "instead", "of", "code", ".", ",", "\n", "İ"])).map(" ".join)
)
def test_contrasts_keep_every_token_in_its_place(text):
    tokens = tokenize(text)
    masked = mask_contrasts(text, tokens, CUES)
    assert [(token.start, token.end) for token in masked] == [(token.start, token.end) for token in tokens]


def test_contrasts_without_cues_deny_nothing():
    text = "this rather than that"
    assert mask_contrasts(text, tokenize(text), ContrastCues(())) == tokenize(text)
