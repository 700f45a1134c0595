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
        ("", "no `labels`"),
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
        (HEAD.replace('"n"', '"../n"') + CONCEPT, "letters, digits"),
        (HEAD.replace('"one"', '""') + CONCEPT, "one line of text"),
        (HEAD.replace('"one"', '"o\\nne"') + CONCEPT, "one line of text"),
        (HEAD.replace('"one", "two"', '"a_b", "a-b"') + CONCEPT.replace('"one"', '"a-b"'), "two different ones"),
        (HEAD + '[inflection]\nverbs = ["y"]\n' + CONCEPT, "no verb"),
        (HEAD + '[inflection]\nverbs = "build"\n' + CONCEPT, "list of strings"),
        (HEAD + '[inflection.exceptions]\nrun = "ran"\n' + CONCEPT, "list of strings"),
        (HEAD + "[contrasts]\ncues = [1]\n" + CONCEPT, "list of strings"),
        (HEAD + "[titles.mentions]\nothers = [1]\n" + CONCEPT, "list of strings"),
        (HEAD + '[titles.words]\nlevel = "senior"\n' + CONCEPT, "list of strings"),
        (HEAD + CONCEPT + '[[titles.pattern]]\nlabel = "one"\nforms = ["a  b"]\n', "blank too many"),
        (HEAD + CONCEPT + '[[titles.pattern]]\nlabel = "one"\nforms = ["a ?"]\n', "sign without a word"),
        (HEAD + CONCEPT + '[[titles.pattern]]\nlabel = "one"\nforms = ["a <b"]\n', "unknown word list 'b'"),
        (HEAD + CONCEPT + '[[titles.pattern]]\nlabel = "one"\nforms = ["a? b*"]\n', "no word that must be there"),
        (
            HEAD + '[titles.words]\nw = [""]\n' + CONCEPT + '[[titles.pattern]]\nlabel = "one"\nforms = ["<w>"]\n',
            "empty",
        ),
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
