"""Roleclassify inside other libraries."""
