"""Concepts and their phrases."""
