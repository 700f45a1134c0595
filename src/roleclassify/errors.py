"""What can go wrong, in one line each: what happened, why, and what to do about it."""

from __future__ import annotations


class RoleClassifyError(Exception):
    """Any failure that this package reports on purpose; its text is fit to be shown to a user."""


class UnreadableDocumentError(RoleClassifyError):
    """A document that cannot be turned into text.

    Parameters
    ----------
    source
        Where the document came from, as the user named it.
    why
        The cause, without a full stop and without any of the document's text.
    remedy
        What the user can do about it, as an imperative without a full stop.
    """

    def __init__(self, source: str, why: str, remedy: str) -> None:
        super().__init__(f"{source}: {why}; {remedy}")
        self.source = source
        self.why = why
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[UnreadableDocumentError], tuple[str, str, str]]:
        """Travel between worker processes with all three parts."""
        return (UnreadableDocumentError, (self.source, self.why, self.remedy))


class LexiconError(RoleClassifyError):
    """A lexicon file that cannot be used; the text names the file, the entry and the mend."""

    def __init__(self, source: str, why: str, remedy: str = "mend the lexicon file") -> None:
        super().__init__(f"{source}: {why}; {remedy}")


class BundleError(RoleClassifyError):
    """A model bundle that is missing, damaged or of another schema."""

    def __init__(self, source: str, why: str, remedy: str) -> None:
        super().__init__(f"{source}: {why}; {remedy}")


class LabeledDataError(RoleClassifyError):
    """A labelled table that cannot be trained on or evaluated."""

    def __init__(self, source: str, why: str, remedy: str) -> None:
        super().__init__(f"{source}: {why}; {remedy}")


class TableError(RoleClassifyError):
    """A table that cannot be read, or not to its end."""

    def __init__(self, source: str, why: str, remedy: str) -> None:
        super().__init__(f"{source}: {why}; {remedy}")
        self._parts = (source, why, remedy)

    def __reduce__(self) -> tuple[type[TableError], tuple[str, str, str]]:
        """Travel between worker processes with all three parts."""
        return (type(self), self._parts)


class TableUsageError(TableError):
    """A table that can be read, but not in the way that was asked for: it lacks a column, or has one too many."""


class MissingExtraError(RoleClassifyError):
    """A feature whose optional package is not installed."""

    def __init__(self, feature: str, package: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the package {package}, which is not installed; run: pip install 'roleclassify[{extra}]'"
        )
