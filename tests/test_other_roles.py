"""Another pair of roles, trained and used by the command line: only a lexicon and data are given, nothing in src/."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict

import pandas
import pytest

import roleclassify
from conftest import ROOT
from roleclassify.batch.scorer import BatchScorer
from roleclassify.integrations.frames import score_frame

FOLDER = ROOT / "data" / "other-roles"
LEXICON = FOLDER / "analyst_engineer.toml"
DOCUMENTS = FOLDER / "documents.jsonl"
ROWS = [json.loads(line) for line in DOCUMENTS.read_text(encoding="utf-8").splitlines()]
DATASHEET = (FOLDER / "README.md").read_text(encoding="utf-8")
ANALYST, ENGINEER = "data-analyst", "data-engineer"
SHIPPED_PAIR = re.compile(r"data[-_ ]scien|machine[- ]learning|\bml\b|ml[-_]engineer|mlops|ds-vs-mle", re.IGNORECASE)

ANALYST_TEXT = """Every Monday I send the sales team a report in Excel and keep their Power BI dashboards.
I look for trends in returns, present findings to management and recommend what to change."""
ENGINEER_TEXT = """You build data pipelines with Airflow and Spark, ingest events from Kafka into a data lake,
write dbt models and unit tests, and keep the nightly batch running. On-call every sixth week."""
NURSE_TEXT = """Staff nurse, day surgery. You admit patients, give medicine as prescribed, dress wounds, watch over
those who wake from anaesthesia and explain to families how to care for them at home. Registration required."""
TEXTS = {
    "analyst": ANALYST_TEXT,
    "engineer": ENGINEER_TEXT,
    "titled otherwise": f"Data Engineer\n\n{ANALYST_TEXT}",
    "nurse": NURSE_TEXT,
    "empty": "",
}
OUTCOMES = [ANALYST, ENGINEER, ANALYST, "undetermined", "undetermined"]


def run(*arguments, env=None):
    """The program as a user runs it: a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(env or {})},
        check=False,
    )


def output(*arguments, env=None):
    """What the program prints when all goes well."""
    result = run(*arguments, env=env)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """Folder of the model of the other pair."""
    folder = tmp_path_factory.mktemp("other-roles") / "da-vs-de"
    result = run("train", DOCUMENTS, "--split", "train", "--lexicon", LEXICON, "-o", folder, "--version", "3.1")
    assert result.returncode == 0
    assert result.stderr.splitlines()[-1] == f"wrote da-vs-de 3.1 to {folder}"
    return folder


@pytest.fixture(scope="module")
def trained(bundle):
    return roleclassify.load(bundle)


@pytest.fixture(scope="module")
def evaluation(bundle, tmp_path_factory):
    """Figures on the documents held out, and the report's folder."""
    folder = tmp_path_factory.mktemp("report")
    arguments = ("--split", "test", "--model", bundle, "--format", "json", "--report", folder)
    return json.loads(output("evaluate", DOCUMENTS, *arguments)), folder


@pytest.fixture
def files(tmp_path):
    paths = {name: tmp_path / f"{name}.txt" for name in TEXTS}
    for name, path in paths.items():
        path.write_text(TEXTS[name], encoding="utf-8")
    return paths


def test_lint_finds_nothing_in_the_lexicon():
    result = run("lexicon", "lint", "--lexicon", LEXICON)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "0 findings in 41 concepts\n")


def test_the_lexicon_is_listed_and_shown():
    listed = run("lexicon", "list", "--lexicon", LEXICON).stdout.splitlines()
    assert Counter(line.split()[0] for line in listed) == {ANALYST: 17, ENGINEER: 18, "shared": 6}
    shown = output("lexicon", "show", "pipelines", "--lexicon", LEXICON).splitlines()
    assert shown[0] == "pipelines (data-engineer)"
    assert "  data pipeline" in shown


def test_documents_have_every_field():
    fields = {"id", "group", "split", "kind", "label", "near_miss", "employer", "brief", "why", "synthetic", "text"}
    for row in ROWS:
        assert set(row) == fields
        assert row["synthetic"] is True
        assert row["kind"] in ("posting", "resume")
        assert bool(row["employer"]) == (row["kind"] == "posting")
        assert row["label"] == "other" or not row["near_miss"]
        assert 40 <= len(row["text"].split()) <= 250
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_no_group_and_no_employer_is_split():
    splits = defaultdict(set)
    for row in ROWS:
        splits[row["group"]].add(row["split"])
        splits[row["employer"] or row["id"]].add(row["split"])
    assert all(len(split) == 1 for split in splits.values())


def test_datasheet_gives_the_counts():
    labels = Counter((row["label"], row["split"]) for row in ROWS)
    for label in (ANALYST, ENGINEER, "other"):
        assert f"| {label} | {labels[label, 'train']} | {labels[label, 'test']} |" in DATASHEET
    lengths = [len(row["text"].split()) for row in ROWS]
    assert f"{min(lengths)} to {max(lengths)} words, on average {sum(lengths) / len(ROWS):.0f}." in DATASHEET
    assert f"{sum(row['near_miss'] for row in ROWS)} are near misses" in DATASHEET


def test_no_two_documents_share_a_run_of_eight_words():
    seen = {}
    for row in ROWS:
        words = re.findall(r"[a-z0-9+#]+", row["text"].lower())
        for run_of_words in {tuple(words[first : first + 8]) for first in range(len(words) - 7)}:
            assert seen.setdefault(run_of_words, row["id"]) == row["id"]


def test_documents_name_no_real_address():
    assert [
        row["id"] for row in ROWS if re.search(r"@(?!example\.(?:com|org|net)\b)|linkedin|github\.com", row["text"])
    ] == []


def test_some_titles_contradict_the_work(trained):
    stated = {row["id"]: trained.classify(row["text"]).stated_title for row in ROWS if row["label"] != "other"}
    labels = {row["id"]: row["label"] for row in ROWS}
    assert [name for name, title in stated.items() if title not in (None, labels[name])] == [
        "b-3",
        "b-6",
        "e-6",
        "h-3",
        "h-6",
    ]


def test_documents_of_another_pair_than_the_lexicon_are_told_in_one_line(tmp_path):
    result = run("train", DOCUMENTS, "-o", tmp_path / "out", "--quiet")
    assert (result.returncode, result.stdout) == (3, "")
    assert len(result.stderr.splitlines()) == 1
    assert "holds an unknown label" in result.stderr


def test_held_out_documents_are_told_apart(evaluation):
    """Floors with room: 18 of 18 on the right side and 17 given a role when this was written, see the datasheet."""
    leaning = evaluation[0]["by_title"]
    assert leaning["n"] == 18
    assert leaning["accuracy"] >= 0.85
    assert leaning["auc"] >= 0.9
    assert leaning["given_fraction"] >= 0.75
    assert leaning["accuracy_of_given"] >= 0.85


def test_held_out_others_are_mostly_given_no_role(evaluation):
    """6 of 9 when this was written, near misses counted in."""
    outcomes = evaluation[0]["outcomes"]
    found = Counter(outcomes["other"]) + Counter(outcomes["near miss"])
    assert found.total() == 9
    assert found[ANALYST] + found[ENGINEER] <= 4
    assert evaluation[0]["domain"]["roles_lost_fraction"] <= 0.2


def test_the_report_speaks_of_the_pair(evaluation):
    text = (evaluation[1] / "report.md").read_text(encoding="utf-8")
    assert text.startswith("# Evaluation of da-vs-de 3.1\n")
    assert "The first role is data-analyst,\nthe second data-engineer;" in text
    assert (evaluation[1] / "outcomes.png").is_file()
    assert not SHIPPED_PAIR.search(text + json.dumps(evaluation[0]))


def test_contributions_add_up_for_every_document(trained):
    for row in ROWS:
        explanation = trained.explain(row["text"])
        for answer in (explanation.leaning, explanation.domain):
            score = answer.bias + math.fsum(item.contribution for item in answer.contributions)
            assert score == pytest.approx(answer.score, abs=1e-9)
            assert 1 / (1 + math.exp(-score)) == pytest.approx(answer.probability, abs=1e-9)


def test_who_somebody_is_does_not_move_the_answer(bundle):
    audited = json.loads(
        output("audit", DOCUMENTS, "--split", "test", "--model", bundle, "--format", "json", "--quiet")
    )
    assert audited["n_documents"] == 27
    for attribute in audited["attributes"].values():
        assert attribute["n_flips"] == 0
        assert attribute["leaning"]["largest_shift"] < 0.05
        for group in attribute["groups"].values():
            assert set(group["selection_rate"]) == {ANALYST, ENGINEER}


def test_classify_gives_the_roles_of_the_pair(bundle, files):
    printed = output("classify", *files.values(), env={"ROLECLASSIFY_MODEL": str(bundle)})
    answers = [json.loads(line) for line in printed.splitlines()]
    assert [answer["label"] for answer in answers] == OUTCOMES
    assert answers[2]["stated_title"] == ENGINEER
    assert answers[3]["reason"] in ("other-occupation", "too-little-evidence")
    assert answers[4]["reason"] == "empty"
    assert set(answers[4]["probabilities"].values()) == {None}
    assert {answer["model"] for answer in answers} == {"da-vs-de 3.1"}
    assert not SHIPPED_PAIR.search(printed)


def test_explain_has_every_contribution(bundle, files):
    printed = output("explain", files["engineer"], "--model", bundle, "--format", "json")
    answer = json.loads(printed)
    added = answer["bias"] + math.fsum(item["contribution"] for item in answer["contributions"])
    assert added == pytest.approx(answer["score"], abs=1e-9)
    assert answer["probabilities"].keys() == {ANALYST, ENGINEER}
    assert {item["role"] for item in answer["contributions"]} <= {ANALYST, ENGINEER}
    quoted = {ENGINEER_TEXT[slice(*span)] for item in answer["contributions"] for span in item["spans"]}
    assert {"Airflow", "Kafka", "data pipelines"} <= quoted
    assert not SHIPPED_PAIR.search(printed)


def test_explain_as_text_names_both_roles(bundle, files):
    printed = " ".join(output("explain", files["titled otherwise"], "--model", bundle).split())
    assert "Reads as data-analyst, probability " in printed
    assert "Titled data-engineer; titles are masked and carry no weight." in printed
    assert "Model da-vs-de 3.1." in printed


@pytest.mark.parametrize("command", [("explain", "--format", "text"), ("classify", "--format", "table")])
def test_text_output_says_no_word_of_the_shipped_pair(command, bundle, files):
    name, *options = command
    assert not SHIPPED_PAIR.search(output(name, files["nurse"], *options, "--model", bundle, env={"COLUMNS": "200"}))


def test_score_names_its_columns_after_the_pair(bundle, tmp_path):
    table, scored = tmp_path / "inbox.csv", tmp_path / "scored.csv"
    pandas.DataFrame({"number": range(5), "text": TEXTS.values()}).to_csv(table, index=False)
    assert output("score", table, "-o", scored, "--model", bundle, "--evidence", "3", "--quiet") == ""
    with scored.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0])[2:5] == ["role_label", "role_reason", "role_probability"]
    assert list(rows[0])[5:7] == ["role_p_data_analyst", "role_p_data_engineer"]
    assert [row["text"] for row in rows] == list(TEXTS.values())
    assert [row["role_label"] for row in rows] == OUTCOMES
    for row in rows[:4]:
        assert float(row["role_p_data_analyst"]) + float(row["role_p_data_engineer"]) == pytest.approx(1)
    assert [rows[4][f"role_{name}"] for name in ("reason", "p_data_analyst", "p_data_engineer")] == ["empty", "", ""]
    assert not SHIPPED_PAIR.search(scored.read_text(encoding="utf-8"))


def test_many_texts_are_answered_as_one_at_a_time(trained):
    """Titles above all: nothing but the patterns of the pair is new to the batch path."""
    texts = [row["text"] for row in ROWS]
    answers = BatchScorer(trained).score(texts)
    alone = [trained.classify(text) for text in texts]
    assert answers.stated_title == [answer.stated_title for answer in alone]
    assert answers.label == [answer.label for answer in alone]
    assert answers.first_probability == pytest.approx([answer.probabilities[ANALYST] for answer in alone], abs=1e-9)
    assert answers.domain_probability == pytest.approx([answer.domain.probability for answer in alone], abs=1e-9)


def test_in_python_as_with_the_shipped_model(trained):
    assert trained.model == "da-vs-de 3.1"
    result = trained.classify(ENGINEER_TEXT)
    assert result.label == ENGINEER
    assert result.probability == result.probabilities[ENGINEER] > 0.5
    assert [item.label for item in trained.classify_many([ANALYST_TEXT, ENGINEER_TEXT])] == [ANALYST, ENGINEER]


def test_in_data_frames(trained):
    frame = score_frame(pandas.DataFrame({"text": [ANALYST_TEXT, ENGINEER_TEXT, ""]}), classifier=trained)
    assert list(frame["role_label"]) == [ANALYST, ENGINEER, "undetermined"]
    assert list(frame["role_p_data_engineer"] > 0.5) == [False, True, False]
