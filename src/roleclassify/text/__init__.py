"""Bytes into a document, a document into tokens."""
