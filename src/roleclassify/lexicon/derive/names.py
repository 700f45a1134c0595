"""Where a text names one of the two roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from roleclassify.lexicon.derive.words import CONTRASTS, DETERMINERS, JOINING
from roleclassify.lexicon.roles import RESERVED, SHARED
from roleclassify.text.tokens import Token, tokenize

_ABBREVIATION = re.compile(r"\s{0,2}\(([A-Z]{2,6})\)")


_NAME = re.compile(r"[^\W_]+(?:[- ][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class RoleName:
    """A role's label and what a text may call it: lower-case words with one space between, the label first."""

    label: str
    names: tuple[str, ...]


class Mention(NamedTuple):
    """A role named in a text: index of the role, first and last token (exclusive)."""

    role: int
    first: int
    last: int


class _Part(NamedTuple):
    """A word, or a part of a hyphenated one, in lower case, and its token."""

    word: str
    token: int


@dataclass(frozen=True, slots=True)
class RoleNames:
    """The names of both roles, ready to be looked for."""

    roles: tuple[RoleName, RoleName]

    @classmethod
    def parse(cls, written: str) -> RoleNames:
        """Read two labels, each with the other names of its role behind it.

        Raises
        ------
        ValueError
            When they are not two, or a name is none, is reserved or is given twice; the text says which.

        Examples
        --------
        >>> RoleNames.parse("data-analyst,data-engineer=etl-developer").roles[1].names
        ('data engineer', 'etl developer')
        """
        roles = [[name.strip().lower() for name in role.split("=")] for role in written.split(",")]
        if len(roles) != 2:
            raise ValueError(f"two roles are needed, as in A,B, and these are {len(roles)}")
        for name in (name for role in roles for name in role):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name: use letters, digits and hyphens")
        taken = RESERVED | {SHARED}
        if taken & {role[0] for role in roles}:
            raise ValueError(f"{', '.join(sorted(taken))} are no roles: answers and labels use these words")
        first, second = (
            RoleName(role[0].replace(" ", "-"), tuple(dict.fromkeys(name.replace("-", " ") for name in role)))
            for role in roles
        )
        if set(first.names) & set(second.names):
            raise ValueError("the two roles have a name in common")
        return cls((first, second))

    @property
    def labels(self) -> tuple[str, str]:
        """Labels of the two roles."""
        return self.roles[0].label, self.roles[1].label

    def learn(self, text: str) -> RoleNames:
        """Add how a text spells the names, and the abbreviations that it gives: Machine Learning Engineer (MLE)."""
        tokens = tokenize(text)
        names = [list(role.names) for role in self.roles]
        for mention in self.find(tokens):
            said = " ".join(token.word.lower().replace("-", " ") for token in tokens[mention.first : mention.last])
            if " " in said:  # "the engineer" is one here, and another thing elsewhere
                names[mention.role].append(said.removesuffix("'s").removesuffix("s"))
            bracketed = _ABBREVIATION.match(text, tokens[mention.last - 1].end)
            if bracketed and bracketed[1].lower() == "".join(word[0] for word in said.split()):
                names[mention.role].append(bracketed[1].lower())
        first, second = (
            RoleName(role.label, tuple(dict.fromkeys(known))) for role, known in zip(self.roles, names, strict=True)
        )
        return RoleNames((first, second))

    def find(self, tokens: Sequence[Token]) -> list[Mention]:
        """Find the roles named in one sentence, in order and without overlaps; the longest name wins."""
        parts = [
            _Part(word, number)
            for number, token in enumerate(tokens)
            for word in (token.word.lower().split("-") if token.kind == "word" else ["<other>"])
        ]
        found: list[Mention] = []
        at = 0
        while at < len(parts):
            mention = max(self._at(parts, at), key=lambda mention: mention.last, default=None)
            if mention is None or (found and mention.first < found[-1].last):
                at += 1
                continue
            found.append(mention)
            while at < len(parts) and parts[at].token < mention.last:
                at += 1
        return found

    def _at(self, parts: Sequence[_Part], at: int) -> Iterator[Mention]:
        for role, other in ((0, 1), (1, 0)):
            for name in self.roles[role].names:
                last = _end_of(name.split(" "), parts, at)
                if last:
                    yield Mention(role, parts[at].token, parts[last - 1].token + 1)
            if parts[at].word.removesuffix("s") in self._heads(role) - self._heads(other) and _stands_alone(parts, at):
                yield Mention(role, parts[at].token, parts[at].token + 1)

    def _heads(self, role: int) -> set[str]:
        return {name.split(" ")[-1] for name in self.roles[role].names if " " in name}


def _end_of(name: Sequence[str], parts: Sequence[_Part], at: int) -> int | None:
    """Position behind a name that begins at ``at``; None where it does not stand there."""
    for number, word in enumerate(name):
        width = _width(word, parts, at)
        if not width and number and at < len(parts) and parts[at].word not in JOINING:
            at += 1  # one word may stand inside a name: Machine Learning *Operations* Engineer
            width = _width(word, parts, at)
        if not width:
            return None
        at += width
    return at


def _width(word: str, parts: Sequence[_Part], at: int) -> int:
    """How many parts a word of a name takes: itself, its plural, the words that it is the initials of; 0 for none."""
    if at >= len(parts):
        return 0
    if parts[at].word in (word, word + "s", word + "'s"):
        return 1
    run = parts[at : at + len(word)]
    spelled = 2 <= len(word) == len(run) <= 4 and all(
        part.word.startswith(letter) and len(part.word) > 1 for part, letter in zip(run, word, strict=True)
    )
    return len(word) if spelled else 0


def _stands_alone(parts: Sequence[_Part], at: int) -> bool:
    """Say whether a name's last word stands for the name: "the analyst", "Analysts", but not "security analysts"."""
    before = parts[at - 1].word if at else ""
    is_plural = parts[at].word.endswith("s")
    return before in DETERMINERS or (is_plural and (not before or before in JOINING | CONTRASTS))
