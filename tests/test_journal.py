"""The part folder: what a run has finished, and what another takes over of it."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleclassify.batch.journal import OutputError, open_part, part_folder
from roleclassify.batch.tally import MOST_RAGGED, Tally
from roleclassify.batch.workers import Chunk

RUN = {"size of the input": 90, "--evidence": 5, "--text-column": None}
HEADER = b"id,text\n"
CONTENTS = [b"1,a\n", b"2,b\n3,c\n", b"", b"4,d\n"]


def chunk(number):
    tally = Tally(rows=number + 1, labels=Counter({"x": number + 1}), n_ragged=1, ragged=[(10 * number, 3)])
    return Chunk(number, CONTENTS[number], 10 * number + 10, tally)


def put_in_place(chunks, output):
    chunks.replace(output)


def interrupted(output, n_chunks):
    """A run that was interrupted when it had finished some chunks; its folder."""
    with pytest.raises(KeyboardInterrupt), open_part(output, RUN, HEADER, resume=False) as part:
        for number in range(n_chunks):
            part.append(chunk(number))
        raise KeyboardInterrupt
    return part_folder(output)


def finished(output):
    """Go on with the interrupted run to its end; the number of chunks taken over."""
    with open_part(output, RUN, HEADER, resume=True) as part:
        taken_over = part.n_chunks
        assert part.position == 10 * taken_over
        for number in range(taken_over, len(CONTENTS)):
            part.append(chunk(number))
        part.finish(put_in_place)
    assert part.tally.rows == sum(range(1, len(CONTENTS) + 1))
    assert part.tally.ragged == [(10 * number, 3) for number in range(len(CONTENTS))]
    assert output.read_bytes() == HEADER + b"".join(CONTENTS)
    assert not part_folder(output).exists()
    return taken_over


@pytest.fixture
def output(tmp_path):
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("n_chunks", range(len(CONTENTS) + 1))
def test_a_run_goes_on_after_any_chunk(output, n_chunks):
    interrupted(output, n_chunks)
    assert output.read_bytes() == b"old"
    assert finished(output) == n_chunks


def test_a_folder_without_a_finished_chunk_goes(output):
    assert not interrupted(output, 0).exists()


def torn_at(fraction):
    def damage(content):
        return content[: int(len(content) * fraction)]

    return damage


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def with_more(content):
    return content + b"half written"


@pytest.mark.parametrize("name", ["journal.jsonl", "output"])
@pytest.mark.parametrize(
    ("damage", "most"),
    [
        (torn_at(0), 0),
        (torn_at(0.1), 0),
        (torn_at(0.5), 2),
        (torn_at(0.99), 3),
        (flipped, 2),
        (with_more, 4),
        (lambda content: content[:-1], 3),
        (lambda content: content[:-1] + b"\0", 3),
    ],
)
def test_whatever_a_killed_machine_left_is_held_against_the_journal(output, name, damage, most):
    path = interrupted(output, 4) / name
    path.write_bytes(damage(path.read_bytes()))
    assert finished(output) <= most


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_cut_anywhere_it_comes_to_the_same_bytes(data):
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.csv"
        part = interrupted(output, 4)
        for name in ("journal.jsonl", "output"):
            content = (part / name).read_bytes()
            kept = data.draw(st.integers(0, len(content)), label=name)
            tail = data.draw(st.binary(max_size=8), label=f"{name}, what stands there instead")
            (part / name).write_bytes(content[:kept] + tail)
        finished(output)


def test_a_chunk_that_was_lost_on_disk_is_done_again(output):
    folder = interrupted(output, 4)
    (folder / "output").write_bytes(HEADER + b"1,a\n" + bytes(9) + b"4,d\n")
    assert finished(output) == 1


def test_a_line_out_of_turn_ends_the_journal(output):
    folder = interrupted(output, 3)
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "journal.jsonl").write_bytes(lines[0] + lines[2])
    assert finished(output) == 1


def test_an_interrupted_run_is_not_lost_silently(output):
    folder = interrupted(output, 2)
    with pytest.raises(OutputError, match=r"2 finished blocks.*--resume, or delete"):
        open_part(output, RUN, HEADER, resume=False).__enter__()
    assert (folder / "output").read_bytes() == HEADER + CONTENTS[0] + CONTENTS[1]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"size of the input": 91}, "size of the input was 90, is 91"),
        ({"--evidence": 6}, "--evidence was 5, is 6"),
        ({"--text-column": "body"}, "--text-column was None, is body"),
    ],
)
def test_another_run_is_refused_and_what_changed_is_named(output, changed, says):
    folder = interrupted(output, 2)
    with pytest.raises(OutputError, match=says) as caught:
        open_part(output, {**RUN, **changed}, HEADER, resume=True).__enter__()
    assert "\n" not in str(caught.value)
    assert folder.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", None])
def test_a_damaged_description_of_the_run_is_refused(output, content):
    described = interrupted(output, 2) / "run.json"
    described.unlink() if content is None else described.write_bytes(content)
    with pytest.raises(OutputError, match="cannot go on"):
        open_part(output, RUN, HEADER, resume=True).__enter__()


def test_two_runs_at_once_are_refused(output):
    with open_part(output, RUN, HEADER, resume=False) as part:
        part.append(chunk(0))
        for resume in (False, True):
            with pytest.raises(OutputError, match="another run is writing it"):
                open_part(output, RUN, HEADER, resume=resume).__enter__()
    assert finished(output) == 1


def test_a_discarded_part_goes(output):
    with open_part(output, RUN, HEADER, resume=False) as part:
        part.append(chunk(0))
        part.discard()
    assert not part_folder(output).exists()
    assert output.read_bytes() == b"old"


@pytest.mark.parametrize("resume", [False, True])
def test_a_folder_of_something_else_is_left_alone(resume, output):
    folder = part_folder(output)
    folder.mkdir()
    for name in ("run.json", "part-00000.csv", "part-00000.csv.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(OutputError, match=r"part-00000\.csv, which is of no run"):
        open_part(output, RUN, HEADER, resume=resume).__enter__()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_of_the_folders_name_is_left_alone(output):
    part_folder(output).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="this name is needed"):
        open_part(output, RUN, HEADER, resume=False).__enter__()
    assert part_folder(output).read_text(encoding="utf-8") == "mine"


def test_hidden_files_of_the_system_disturb_nothing(output):
    (interrupted(output, 2) / ".DS_Store").touch()
    with open_part(output, RUN, HEADER, resume=True) as part:
        assert part.n_chunks == 2


def test_files_that_others_add_stay(output):
    folder = part_folder(output)
    with open_part(output, RUN, HEADER, resume=False) as part:
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        part.finish(put_in_place)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_link_to_the_output_stays_one(output, tmp_path):
    link = tmp_path / "links" / "link.csv"
    link.parent.mkdir()
    link.symlink_to(output)
    with open_part(link, RUN, HEADER, resume=False) as part:
        assert part.folder == part_folder(output)
        part.finish(put_in_place)
    assert link.is_symlink()
    assert output.read_bytes() == HEADER


def test_tally_survives_the_journal_and_stays_small():
    counts = {"labels": Counter({"a": 2}), "reasons": Counter({"empty": 1}), "errors": 1}
    tally = Tally(rows=3, n_ragged=1, ragged=[(7, 2)], **counts)
    assert Tally.from_dict(json.loads(json.dumps(tally.to_dict()))) == tally
    for _ in range(MOST_RAGGED + 5):
        tally.add(Tally(rows=1, n_ragged=1, ragged=[(9, 1)]))
    assert (tally.rows, tally.n_ragged, len(tally.ragged)) == (3 + MOST_RAGGED + 5, 1 + MOST_RAGGED + 5, MOST_RAGGED)
