"""Words of roles that are no labels."""

from __future__ import annotations

SHARED = "shared"
"""Role of a concept that both roles have: it counts in the domain question only."""

RESERVED = frozenset({"domain", "mixed", "other", "undetermined"})
"""Words that answers and labelled data use for other things than a role."""
