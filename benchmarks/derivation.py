"""Measure how much of the shipped lexicon is proposed anew from the documents that it was derived from by hand.

Run ``python benchmarks/derivation.py DOCUMENT...``; with ``--labeled`` the files are labelled tables. A shipped concept
is recovered when a proposal has the same role and a phrase equal to one of its own, lemma by lemma in the same order,
by spaCy's lookup table. A proposal matches when it has a phrase of some shipped concept, whatever its role. The
proposals are made without the shipped lexicon, which is read here to compare.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from environment import environment
from spacy.lookups import load_lookups

from roleclassify.lexicon.source import Concept, load_lexicon
from roleclassify.text.tokens import tokenize

ROLES = "data-scientist,ml-engineer=mlops-engineer=mlops"

_LEMMAS = load_lookups("en", ["lemma_lookup"]).get_table("lemma_lookup")


def lemmas_of(concept: Concept) -> set[tuple[str, ...]]:
    """Phrases of a concept, each as its lemmas."""
    return {
        tuple(_LEMMAS.get(token.word.lower(), token.word.lower()) for token in tokenize(phrase))
        for phrase in (*concept.phrases, *concept.exact)
    }


def roles_by_phrase(concepts: tuple[Concept, ...]) -> dict[tuple[str, ...], set[str]]:
    """For each phrase the roles of the concepts that have it."""
    roles: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for concept in concepts:
        for phrase in lemmas_of(concept):
            roles[phrase].add(concept.role)
    return roles


def met_by(concept: Concept, roles: dict[tuple[str, ...], set[str]]) -> set[str]:
    """Roles of the other lexicon's concepts that have a phrase of this one."""
    return set().union(*(roles.get(phrase, set()) for phrase in lemmas_of(concept)))


def share(part: int, whole: int) -> str:
    """Give a part of a whole, as numbers and in percent."""
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "0 of 0"


def report(proposed: tuple[Concept, ...], shipped: tuple[Concept, ...]) -> None:
    """Print both directions of the comparison."""
    proposals, originals = roles_by_phrase(proposed), roles_by_phrase(shipped)
    met = {concept.id: met_by(concept, proposals) for concept in shipped}
    recovered = [concept for concept in shipped if concept.role in met[concept.id]]
    print(f"shipped concepts recovered: {share(len(recovered), len(shipped))}")
    for role in dict.fromkeys(concept.role for concept in shipped):
        of_role = [concept for concept in shipped if concept.role == role]
        print(f"  {role}: {share(sum(concept in recovered for concept in of_role), len(of_role))}")
    print(f"  met in another role only: {sum(bool(met[one.id]) and one not in recovered for one in shipped)}")
    sizes = [len(concept.phrases) + len(concept.exact) for concept in proposed]
    print(
        f"proposals: {len(proposed)}, with {sum(sizes)} phrases: median {statistics.median(sizes)}, most {max(sizes)}"
    )
    matched = [(concept, roles) for concept in proposed if (roles := met_by(concept, originals))]
    right = sum(concept.role in roles for concept, roles in matched)
    print(f"proposals that match a shipped concept: {share(len(matched), len(proposed))}")
    print(f"  of these in the same role: {share(right, len(matched))}")
    phrases = [phrase for concept in proposed for phrase in lemmas_of(concept)]
    print(f"phrases that are a shipped one: {share(sum(phrase in originals for phrase in phrases), len(phrases))}")
    missing = ", ".join(concept.id for concept in shipped if concept not in recovered)
    print(f"not recovered: {missing}")


def derive(arguments: list[str]) -> tuple[Concept, ...]:
    """Run the command, and read what it writes."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "proposal.toml")
        command = [sys.executable, "-c", "from roleclassify.cli import main; main()", "lexicon", "derive"]
        subprocess.run([*command, *arguments, "--output", str(output)], check=True)
        return load_lexicon(output).concepts


def main() -> None:
    """Derive from the files that are named, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--roles", default=ROLES, help=f"as for the command; default: {ROLES}")
    parser.add_argument("--labeled", action="store_true", help="the files are labelled tables")
    given = parser.parse_args()
    started = time.perf_counter()
    proposed = derive([*given.files, "--roles", given.roles, *(["--labeled"] if given.labeled else [])])
    seconds = time.perf_counter() - started
    kind = "labelled tables" if given.labeled else "documents"
    print(f"{len(given.files)} {kind}, --roles {given.roles}: {seconds:.1f} s")
    report(proposed, load_lexicon().concepts)
    print(", ".join(f"{key} {value}" for key, value in environment().items()))


if __name__ == "__main__":
    main()
