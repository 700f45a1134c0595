from __future__ import annotations

import pytest

from roleclassify.errors import LexiconError
from roleclassify.lexicon.roles import SHARED
from roleclassify.lexicon.source import load_lexicon

HEAD = 'name = "n"\nlabels = ["one", "two"]\n'
CONCEPT = '[[concept]]\nid = "c"\nrole = "one"\ndescription = "d"\nsource = ["A1"]\nphrases = ["p"]\n'


def test_shipped_lexicon_is_as_large_as_promised():
    lexicon = load_lexicon()
    assert len(lexicon.concepts) >= 60
    assert sum(len(concept.phrases) + len(concept.exact) for concept in lexicon.concepts) >= 500
    assert {concept.role for concept in lexicon.concepts} == {*lexicon.labels, SHARED}
    assert all(concept.description and "\n" not in concept.description for concept in lexicon.concepts)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "incomplete"),
        ("name = [", "not TOML"),
        (HEAD.replace('"one", ', ""), "incomplete"),
        (HEAD.replace('"one"', '"two"') + CONCEPT, "two different ones"),
        (HEAD.replace('"one"', '"other"') + CONCEPT, "two different ones"),
        (HEAD + CONCEPT.replace('["p"]', '"docker"'), "list of strings"),
        (HEAD + CONCEPT + '[[titles.pattern]]\nlabel = "one"\nforms = ["<typo> x"]\n', "unknown word list 'typo'"),
        (HEAD + CONCEPT.replace('role = "one"\n', ""), "incomplete"),
        (HEAD + CONCEPT.replace('"one"', '"three"'), "unknown role 'three'"),
        (HEAD + CONCEPT + CONCEPT, "stands twice"),
        (HEAD + CONCEPT.replace('["p"]', "[]"), "has no phrase"),
        (HEAD + CONCEPT + '[[titles.pattern]]\nlabel = "three"\nforms = ["x"]\n', "unknown label 'three'"),
    ],
)
def test_lexicon_file_that_cannot_be_used_says_why(tmp_path, content, problem):
    path = tmp_path / "lexicon.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=problem) as caught:
        load_lexicon(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lexicon_file_that_is_missing_says_so(tmp_path):
    with pytest.raises(LexiconError, match="cannot be read"):
        load_lexicon(tmp_path / "none.toml")
