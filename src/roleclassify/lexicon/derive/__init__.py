"""Propose a lexicon from texts that tell of two roles: passages, phrases, weights, concepts."""
