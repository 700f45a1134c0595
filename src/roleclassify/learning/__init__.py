"""Labelled data into a bundle, and how good it is."""
