"""Concepts of one's own laid over a model: what they weigh, that answers stay exact, and that every way in says so."""

from __future__ import annotations

import json
import math
import pickle
import re
import signal
import statistics
import sys
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roleclassify
from conftest import LABELED, ROOT
from roleclassify.batch.run import ScoreOptions, fingerprint, score_table
from roleclassify.batch.scorer import BatchScorer
from roleclassify.classifier import RoleClassifier
from roleclassify.cli.entry import main
from roleclassify.errors import BundleError, LexiconError, MissingExtraError
from roleclassify.evidence.pieces import strongest_pieces
from roleclassify.learning import training
from roleclassify.learning.training import TrainingOptions
from roleclassify.lexicon import compilation
from roleclassify.lexicon.lint import lint_overlay
from roleclassify.lexicon.overlay import LARGEST_WEIGHT, Overlay, read_lexicon_or_overlay, read_overlay
from roleclassify.lexicon.roles import SHARED
from roleclassify.lexicon.source import SHIPPED, Concept
from roleclassify.model.bundle import digest_of, read_bundle, write_bundle
from roleclassify.model.overlay import lay_over
from roleclassify.text.tokens import tokenize

MODEL = roleclassify.load()
LABELS = MODEL.labels
TEXTS = [json.loads(line)["text"] for line in LABELED.read_text(encoding="utf-8").splitlines()]
GUIDE = ROOT / "docs" / "lexicon-guide.md"

OWN = """
[[concept]]
id = "edge-computing"
role = "ml-engineer"
phrases = ["deploy to gadgets", "fleet of gadgets"]

[[concept]]
id = "survey-weighting"
role = "data-scientist"
exact = ["Rasch"]
weight = 1.5

[[concept]]
id = "gadgetry"
role = "shared"
exact = ["gadgets"]

[[concept]]
id = "monitoring"
role = "ml-engineer"
exact = ["beacons"]
"""
TEXT = "Deploying to gadgets, watching beacons; built Rasch scales, ran A/B tests, trained models for gadgets in R."
CONCEPT = '[[concept]]\nid = "own"\nrole = "ml-engineer"\nexact = ["gadget"]\n'


def written(folder, content, name="own.toml"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def laid(*concepts, **weights):
    """The shipped model with concepts (id, role, exact phrases) laid over it, and the weights given."""
    own = tuple(Concept(name, role, "", (), (), tuple(exact)) for name, role, exact in concepts)
    return RoleClassifier(lay_over(MODEL.bundle, Overlay("own.toml", own, weights)))


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return written(tmp_path_factory.mktemp("lexicon"), OWN)


@pytest.fixture(scope="module")
def overlaid(own):
    return roleclassify.load(lexicon=own)


@pytest.fixture
def run(monkeypatch, capsys):
    """The program, in this process: its status, and what it printed on either stream."""

    def go(*arguments):
        monkeypatch.setattr(sys, "argv", ["roleclassify", *map(str, arguments)])
        monkeypatch.setattr(signal, "signal", lambda *handler: None)
        with pytest.raises(SystemExit) as ended:
            main()
        return (ended.value.code, *capsys.readouterr())

    return go


def found(answer):
    return {item.feature: item for item in answer.contributions if item.kind == "concept"}


# ------------------------------------------------------------------------------------------------- what concepts weigh


def median_weight(question, role):
    weights = zip(MODEL.bundle.space.lexicon.concepts, question.concept_weights, strict=True)
    return statistics.median(abs(weight) for concept, weight in weights if concept.role == role and weight)


def test_weights_are_given_or_the_median_of_the_role_and_say_which(overlaid):
    explanation = overlaid.explain(TEXT)
    leaning, domain = found(explanation.leaning), found(explanation.domain)
    typical = median_weight(MODEL.bundle.leaning, "ml-engineer")
    assert (leaning["edge-computing"].weight, leaning["edge-computing"].origin) == (typical, "median")
    assert (leaning["survey-weighting"].weight, leaning["survey-weighting"].origin) == (-1.5, "given")
    assert "gadgetry" not in leaning
    assert {domain[name].origin for name in ("edge-computing", "survey-weighting", "gadgetry")} == {"median"}
    assert leaning["experimentation"].origin == domain["experimentation"].origin == "learned"
    assert {item.origin for item in explanation.leaning.contributions if item.kind == "term"} == {"learned"}


def test_domain_weights_are_the_medians_of_what_was_learned():
    concepts = MODEL.bundle.space.lexicon.concepts
    over = laid(*((f"own-{role}", role, ["gadget"]) for role in (*LABELS, SHARED))).bundle
    for role, weight in zip((*LABELS, SHARED), over.domain.concept_weights[len(concepts) :], strict=True):
        of_role = zip(concepts, MODEL.bundle.domain.concept_weights, strict=True)
        assert weight == statistics.median(each for concept, each in of_role if concept.role == role and each)


def test_a_median_is_not_taken_over_what_training_left_out():
    weights = MODEL.bundle.leaning.concept_weights
    roles = [concept.role for concept in MODEL.bundle.space.lexicon.concepts]
    assert any(role == "ml-engineer" and weight == 0 for role, weight in zip(roles, weights, strict=True))
    over = laid(("own", "ml-engineer", ["gadget"]), ("other", "data-scientist", ["widget"])).bundle.leaning
    assert over.concept_weights[-2] == median_weight(MODEL.bundle.leaning, "ml-engineer") > 0
    assert over.concept_weights[-1] == -median_weight(MODEL.bundle.leaning, "data-scientist") < 0


def test_a_concept_of_the_model_gains_phrases_and_keeps_its_weight(overlaid):
    plain, more = found(MODEL.explain(TEXT).leaning), found(overlaid.explain(TEXT).leaning)
    assert "monitoring" not in plain
    index = next(n for n, concept in enumerate(MODEL.bundle.space.lexicon.concepts) if concept.id == "monitoring")
    assert more["monitoring"].weight == MODEL.bundle.leaning.concept_weights[index]
    assert more["monitoring"].origin == "learned"
    assert [TEXT[start:end] for start, end in more["monitoring"].spans] == ["beacons"]
    known = MODEL.bundle.space.lexicon.concepts[index]
    joined = overlaid.bundle.space.lexicon.concepts[index]
    assert (joined.forms, joined.exact) == (known.forms, (*known.exact, "beacons"))
    assert joined.description == known.description
    assert len(overlaid.bundle.space.lexicon.concepts) == len(MODEL.bundle.space.lexicon.concepts) + 3


def test_a_concept_of_the_model_takes_the_weight_that_is_given():
    over = laid(("monitoring", "ml-engineer", ["beacons"]), monitoring=2.0)
    item = found(over.explain("Watching beacons with Docker.").leaning)["monitoring"]
    assert (item.weight, item.origin) == (2.0, "given")
    domain = found(over.explain("Watching beacons with Docker.").domain)["monitoring"]
    assert domain.origin == "learned"


def test_a_new_concept_is_common_nowhere_and_typically_said_once(overlaid):
    usage, before = overlaid.bundle.usage, MODEL.bundle.usage
    assert usage.matches == (*before.matches, 1.0, 1.0, 1.0)
    assert usage.presence == tuple((*presence, 0.0, 0.0, 0.0) for presence in before.presence)
    changes = overlaid.counterfactuals(TEXTS[0]).to_dict()
    assert not {item["concept"] for item in changes["absent"]} & {"edge-computing", "survey-weighting"}


def test_a_concept_without_weight_shrinks_other_concepts_and_nothing_else():
    over = laid(("own", "ml-engineer", ["gadgets"]), own=0.0)
    plain, more = MODEL.explain(TEXT).leaning, over.explain(TEXT).leaning
    assert "own" not in found(more)
    factors = {found(more)[name].value / item.value for name, item in found(plain).items()}
    assert min(factors) == pytest.approx(max(factors))
    assert max(factors) < 1
    terms = [[item for item in answer.contributions if item.kind == "term"] for answer in (plain, more)]
    assert terms[0] == terms[1]
    of_concepts = math.fsum(item.contribution for item in found(plain).values())
    assert more.score - plain.score == pytest.approx(of_concepts * (max(factors) - 1), abs=1e-9)


def test_a_document_without_the_concepts_is_answered_as_before(overlaid):
    text = next(text for text in TEXTS if "gadget" not in text and "beacons" not in text)
    before, after = MODEL.explain(text).to_dict(), overlaid.explain(text).to_dict()
    assert after == {**before, "model": f"{before['model']} + own.toml"}


def test_a_role_without_learned_weights_needs_one_given():
    leaning = MODEL.bundle.leaning
    bare = {"concept_weights": (0.0,) * len(leaning.concept_weights)}
    bundle = replace(MODEL.bundle, leaning=replace(leaning, **bare), domain=replace(MODEL.bundle.domain, **bare))
    concept = (Concept("own", "ml-engineer", "", (), (), ("gadget",)),)
    with pytest.raises(LexiconError, match="weighs no concept of 'ml-engineer'; give it a weight"):
        lay_over(bundle, Overlay("own.toml", concept, {}))
    over = lay_over(bundle, Overlay("own.toml", concept, {"own": 0.5}))
    assert (over.leaning.concept_weights[-1], over.domain.concept_weights[-1]) == (0.5, 0.0)


# ------------------------------------------------------------------------------------------------ answers stay exact


@st.composite
def overlays(draw):
    """Concepts, new and of the model, whose phrases stand in the labelled documents, and one that stands in none."""
    known = MODEL.bundle.space.lexicon.concepts
    concepts, weights = {}, {}
    for number in range(draw(st.integers(1, 5))):
        concept = draw(st.sampled_from(known)) if draw(st.integers(0, 3)) == 0 else None
        role = concept.role if concept else draw(st.sampled_from([*LABELS, SHARED]))
        name = concept.id if concept else f"own-{number}"
        phrases = [draw(phrases_of_documents()) for _ in range(draw(st.integers(1, 6)))]
        concepts[name] = Concept(name, role, "", (), (), (*phrases, "widgetry"))
        if role != SHARED and draw(st.booleans()):
            weights[name] = draw(st.floats(0, 5) | st.just(LARGEST_WEIGHT))
    return Overlay("own.toml", tuple(concepts.values()), weights)


@st.composite
def phrases_of_documents(draw):
    tokens = tokenize(TEXTS[draw(st.integers(0, len(TEXTS) - 1))])
    first, n_words = draw(st.integers(0, len(tokens) - 1)), draw(st.integers(1, 4))
    words = [token.word for token in tokens[first : first + n_words] if token.kind == "word"]
    return " ".join(words) or "the"


def assert_additive(answer):
    total = answer.bias + math.fsum(item.contribution for item in answer.contributions)
    assert math.isclose(total, answer.score, abs_tol=1e-9)
    for item in answer.contributions:
        assert item.contribution == item.weight * item.value


def assert_exact(over, texts):
    """Answers are additive, and those of the batch are those of one text at a time."""
    answers = BatchScorer(over, evidence=6).score(texts)
    for position, text in enumerate(texts):
        one = over.explain(text)
        assert_additive(one.leaning)
        assert_additive(one.domain)
        assert answers.label[position] == one.label
        assert answers.second_probability[position] == pytest.approx(one.leaning.probability, abs=1e-9)
        assert answers.domain_probability[position] == pytest.approx(one.domain.probability, abs=1e-9)
        expected = strongest_pieces(one.leaning.contributions, 6)
        assert [(*piece[:3], *piece[4:]) for piece in answers.evidence[position]] == [
            (*piece[:3], *piece[4:]) for piece in expected
        ]


@settings(deadline=None, max_examples=12)
@given(overlays(), st.integers(0, len(TEXTS) - 8))
def test_answers_are_additive_and_equal_in_batch(overlay, first):
    assert_exact(RoleClassifier(lay_over(MODEL.bundle, overlay)), TEXTS[first : first + 8])


def test_inflected_phrases_are_found_in_batch_too(overlaid):
    assert_exact(overlaid, [TEXT, *TEXTS[::9]])


def test_several_processes_and_pickles_give_the_same_answers(overlaid):
    texts = [TEXT, *TEXTS[:5], ""]
    expected = [overlaid.classify(text) for text in texts]
    assert list(overlaid.classify_many(texts, n_jobs=2)) == expected
    copy = pickle.loads(pickle.dumps(overlaid))
    assert [copy.classify(text) for text in texts] == expected


# --------------------------------------------------------------------------------------------- what the output says


def test_json_marks_what_was_not_learned_and_names_the_file(overlaid):
    answer = overlaid.explain(TEXT).to_dict()
    origins = {item["feature"]: item["origin"] for item in answer["contributions"] if "origin" in item}
    assert origins == {"edge-computing": "median", "survey-weighting": "given"}
    assert answer["model"] == f"{MODEL.model} + own.toml"


@pytest.mark.parametrize("name", ["a\nb.toml", "\x1b[1m.toml"])
def test_the_name_of_the_file_cannot_break_a_line(tmp_path, name):
    model = roleclassify.load(lexicon=written(tmp_path, CONCEPT, name)).model
    assert model.isprintable()
    assert model.endswith(".toml")


def test_classify_marks_evidence_in_csv_and_json(run, own, tmp_path):
    document = tmp_path / "document.txt"
    document.write_text(TEXT, encoding="utf-8")
    status, output, errors = run("classify", document, "--lexicon", own, "--format", "csv", "--top", 30)
    assert (status, errors) == (0, "")
    assert re.search(r"survey-weighting -\d\.\d\d \(given weight\)", output)
    assert re.search(r"edge-computing \+\d\.\d\d \(median weight\)", output)
    assert output.count(" weight)") == 2
    _, output, _ = run("explain", document, "--lexicon", own, "--format", "json")
    assert '"origin": "given"' in output


@pytest.fixture
def table(tmp_path):
    rows = [json.dumps({"text": text}) for text in (TEXT, TEXTS[0])]
    return written(tmp_path, "\n".join(rows) + "\n", "in.jsonl")


def test_tables_mark_evidence_in_every_format(run, own, table, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    for form in ("csv", "jsonl", "parquet"):
        output = tmp_path / f"out.{form}"
        assert run("score", table, "-o", output, "--evidence", 9, "--lexicon", own, "--quiet") == (0, "", "")
    assert "survey-weighting" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert " (given weight)" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    first = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[0])
    origins = {piece["name"]: piece.get("origin") for piece in first["role_evidence"]}
    assert origins["survey-weighting"] == "given"
    assert origins["experimentation"] is None
    (stored, _) = parquet.read_table(tmp_path / "out.parquet").column("role_evidence").to_pylist()
    assert {piece["name"]: piece["origin"] for piece in stored} == origins


def test_data_frames_take_a_classifier_with_concepts_laid_over_it(overlaid):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("narwhals")
    scored = roleclassify.score_frame(pandas.DataFrame({"text": [TEXT]}), classifier=overlaid, evidence=9)
    assert "survey-weighting" in scored["role_evidence"][0]
    assert "(given weight)" in scored["role_evidence"][0]


def test_a_run_goes_on_only_with_the_same_concepts(tmp_path, overlaid, table):
    options = ScoreOptions()
    depends_on = [fingerprint(str(table), each, options) for each in (MODEL, overlaid)]
    assert depends_on[0]["sha256 of the model"] != depends_on[1]["sha256 of the model"]
    again = roleclassify.load(lexicon=written(tmp_path, f"# a remark\n{OWN}"))
    assert fingerprint(str(table), again, options) == depends_on[1]
    heavier = roleclassify.load(lexicon=written(tmp_path, OWN.replace("1.5", "1.6")))
    assert fingerprint(str(table), heavier, options) != depends_on[1]
    # The same weight, once given and once the median, is told otherwise, so it is another model.
    weight = median_weight(MODEL.bundle.leaning, "ml-engineer")
    digests = {laid(("own", "ml-engineer", ["gadget"]), **given).bundle.digest for given in ({}, {"own": weight})}
    assert len(digests) == 2


def test_the_digest_tells_models_that_were_never_written_apart():
    in_memory = replace(MODEL.bundle, digest="")
    assert digest_of(in_memory) == digest_of(MODEL.bundle) == MODEL.bundle.digest
    other = replace(in_memory, version="0.0.0")
    overlay = Overlay("own.toml", (Concept("own", "shared", "", (), (), ("gadget",)),), {})
    assert lay_over(in_memory, overlay).digest == lay_over(MODEL.bundle, overlay).digest
    assert lay_over(other, overlay).digest != lay_over(in_memory, overlay).digest


def test_a_model_with_concepts_laid_over_it_is_not_written(tmp_path, overlaid):
    with pytest.raises(BundleError, match=r"own\.toml laid over it is not written; train with it"):
        write_bundle(overlaid.bundle, tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------ files of concepts


def test_phrases_are_inflected_and_exact_ones_are_not(overlaid):
    forms = {concept.id: concept for concept in overlaid.bundle.space.lexicon.concepts}
    assert {"deploy to gadgets", "deploying to gadgets", "deployed to gadgets"} <= set(forms["edge-computing"].forms)
    assert "fleets of gadgets" in forms["edge-computing"].forms
    assert (forms["survey-weighting"].forms, forms["survey-weighting"].exact) == ((), ("Rasch",))


def test_exact_phrases_need_no_tables_and_others_name_the_missing_package(tmp_path, monkeypatch):
    def nothing_installed():
        raise MissingExtraError("compiling a lexicon", "spacy-lookups-data", "train")

    monkeypatch.setattr(compilation, "_blank_pipeline", nothing_installed)
    assert roleclassify.load(lexicon=written(tmp_path, CONCEPT)).classify("A gadget.").label
    with pytest.raises(MissingExtraError):
        roleclassify.load(lexicon=written(tmp_path, CONCEPT.replace("exact", "phrases")))


@pytest.mark.parametrize("mark", ["", "\N{ZERO WIDTH NO-BREAK SPACE}"])
def test_a_file_may_begin_with_a_byte_order_mark(tmp_path, mark):
    assert read_overlay(written(tmp_path, mark + CONCEPT)).concepts[0].id == "own"


BAD = {
    "": "there is no concept; write at least one",
    "# nothing": "there is no concept",
    "concept = []": "there is no concept",
    'concept = ["own"]': "there is no concept",
    CONCEPT.replace("[[concept]]", "[concept]"): "there is no concept",
    "concept = [": "is not TOML",
    CONCEPT + "weight = " + "9" * 5000: "is not TOML",
    'name = "x"\n' + CONCEPT: "unknown entry 'name'; keep",
    CONCEPT + '[titles]\nbarred = ["x"]': "unknown entry 'titles'",
    SHIPPED.read_text(encoding="utf-8"): "a whole lexicon cannot be laid over a model; train with it",
    CONCEPT.replace("exact", "phrase"): "concept 'own': unknown key 'phrase', not one of id, role",
    CONCEPT.replace('["gadget"]', '"gadget"'): "concept 'own': exact must be a list of strings",
    CONCEPT.replace('["gadget"]', "[1]"): "exact must be a list of strings",
    CONCEPT.replace('["gadget"]', "[]"): "concept 'own': it has no phrase",
    CONCEPT.replace('["gadget"]', '["&"]'): "phrase '&' of concept 'own' has no word",
    CONCEPT.replace('["gadget"]', '["2019"]'): "has no word",
    CONCEPT.replace('["gadget"]', '["mail me@example.com"]'): "holds a mask, an address, a phone number",
    CONCEPT.replace('["gadget"]', '["[ROLE] work"]'): "holds a mask",
    CONCEPT.replace('id = "own"', ""): "concept 1: it has no id",
    CONCEPT.replace('"own"', '" "'): "it has no id",
    CONCEPT.replace('"own"', "7"): "concept 7: id must be one line of text",
    CONCEPT.replace('"own"', '"a\\nb"'): "id must be one line of text",
    CONCEPT.replace('"ml-engineer"', "[]"): "role must be one line of text",
    CONCEPT.replace('role = "ml-engineer"', ""): "concept 'own' has the unknown role ''",
    CONCEPT.replace("ml-engineer", "nurse"): "unknown role 'nurse'; choose one of data-scientist, ml-engineer, shared",
    CONCEPT.replace("own", "sql"): "concept 'sql' of the model has the role 'data-scientist', not 'ml-engineer'",
    CONCEPT + 'description = """two\nlines"""': "description must be one line",
    CONCEPT + CONCEPT: "concept 'own': it stands twice",
    CONCEPT + "weight = -0.1": "weight must be a number from 0 to 100",
    CONCEPT + "weight = nan": "weight must be a number",
    CONCEPT + "weight = inf": "weight must be a number",
    CONCEPT + "weight = 100.1": "weight must be a number",
    CONCEPT + "weight = 1" + "0" * 400: "weight must be a number",
    CONCEPT + "weight = true": "weight must be a number",
    CONCEPT + 'weight = "1"': "weight must be a number",
    CONCEPT.replace("ml-engineer", "shared") + "weight = 0.5": "a shared concept leans to neither role",
}


@pytest.mark.parametrize(("content", "says"), BAD.items(), ids=range(len(BAD)))
def test_a_file_that_cannot_be_used_says_why_in_one_line(tmp_path, content, says):
    path = written(tmp_path, content)
    with pytest.raises(LexiconError) as caught:
        lay_over(MODEL.bundle, read_overlay(path))
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "\n" not in message


def test_a_file_nested_without_end_or_no_text_is_refused(tmp_path):
    with pytest.raises(LexiconError, match="not TOML"):
        read_overlay(written(tmp_path, "concept = " + "[" * 100_000))
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LexiconError, match="not TOML"):
        read_overlay(tmp_path / "own.toml")


@pytest.mark.parametrize("command", ["classify", "explain", "score", "compare", "evaluate", "audit"])
def test_every_command_refuses_a_bad_file_in_one_line(run, tmp_path, table, command):
    bad = written(tmp_path, CONCEPT.replace("exact", "phrase"))
    inputs = {"compare": [table, table], "audit": []}.get(command, [table])
    status, output, errors = run(command, *inputs, "--lexicon", bad)
    assert (status, output) == (3, "")
    assert errors.startswith(f"Error: {bad}: concept 'own': unknown key 'phrase'")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_a_missing_file_or_a_folder_is_refused(run, tmp_path, table, name):
    status, _, errors = run("score", table, "--lexicon", tmp_path / name, "-o", tmp_path / "out.csv")
    assert (status, errors.count("\n")) == (3, 1)
    assert "cannot be read" in errors
    assert not (tmp_path / "out.csv").exists()


def test_odd_phrases_are_told_and_used(run, tmp_path, table):
    phrases = ["Kubernetes", "gadget", "this/that", "senior data scientist", "gadget"]
    odd = written(tmp_path, CONCEPT.replace('["gadget"]', json.dumps(phrases)))
    status, _, errors = run("classify", table, "--lexicon", odd)
    assert status == 0
    told = errors.splitlines()
    assert [line.removeprefix(f"{odd}: own: ").split(":")[0] for line in told] == [
        "'Kubernetes' stands in containers (ml-engineer) too, and both count",
        "'this/that' is split otherwise by the tokenizer",
        "'senior data scientist' is dead",
        "'gadget' stands twice",
    ]
    assert run("score", table, "--lexicon", odd, "--quiet")[2] == ""


def test_nothing_is_odd_about_plain_concepts(overlaid):
    assert lint_overlay(overlaid.bundle.overlay, overlaid.bundle.space.lexicon) == []


def guide_examples():
    blocks = re.findall(r"^```toml\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [block for block in blocks if "[[concept]]" in block and "\nlabels" not in block]


def test_the_concepts_of_the_guide_can_be_laid_over_the_model(tmp_path):
    examples = guide_examples()
    assert examples
    for example in examples:
        over = roleclassify.load(lexicon=written(tmp_path, example))
        concept = over.bundle.overlay.concepts[0]
        phrase = (*concept.exact, *concept.phrases)[0]
        item = found(over.explain(f"Models: {phrase}.").leaning)[concept.id]
        assert item.origin in ("median", "given")


# --------------------------------------------------------------------------------------------------------- training


def test_training_learns_the_weights(run, tmp_path, monkeypatch):
    # Fewer documents and folds, so that it is quick.
    monkeypatch.setattr(training, "train", partial(training.train, options=TrainingOptions(n_folds=2)))
    data = written(tmp_path, "".join(LABELED.read_text(encoding="utf-8").splitlines(keepends=True)[::8]), "some.jsonl")
    own = written(tmp_path, '[[concept]]\nid = "own"\nrole = "ml-engineer"\nexact = ["latency", "GPU"]\nweight = 9.5\n')
    status, _, errors = run("train", data, "--lexicon", own, "-o", tmp_path / "bundle", "--quiet")
    assert status == 0
    assert f"{own}: the weights given in it are not used, for training learns them" in errors
    learned = read_bundle(tmp_path / "bundle")
    concepts = learned.space.lexicon.concepts
    assert concepts[-1].id == "own"
    assert len(concepts) == len(MODEL.bundle.space.lexicon.concepts) + 1
    assert 0 < learned.leaning.concept_weights[-1] < 5
    assert learned.leaning.origins == {}
    assert learned.usage.presence[1][-1] > 0


def test_training_takes_a_whole_lexicon_and_refuses_an_unknown_role(run, tmp_path):
    whole, overlay = read_lexicon_or_overlay(SHIPPED)
    assert overlay is None
    assert read_lexicon_or_overlay(None) == (whole, None)
    bad = written(tmp_path, CONCEPT.replace("ml-engineer", "nurse"))
    status, _, errors = run("train", LABELED, "--lexicon", bad, "-o", tmp_path / "bundle", "--quiet")
    assert status == 3
    assert errors.startswith(f"Error: {bad}: concept 'own' has the unknown role 'nurse'")
    assert not (tmp_path / "bundle").exists()


def test_workers_score_with_the_concepts(tmp_path, overlaid, table):
    from roleclassify.batch.pool import start_workers

    rows = table.read_text(encoding="utf-8") * 20
    table.write_text(rows, encoding="utf-8")
    outputs = []
    for number in (0, 2):
        outputs.append(tmp_path / f"out{number}.jsonl")
        with start_workers(number) as workers:
            options = ScoreOptions(evidence=5)
            score_table(str(table), outputs[-1], overlaid, options, workers=workers, block_bytes=4000)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert b'"origin": "given"' in outputs[0].read_bytes()
