"""Files into text: one module a format, and the format told by content before name."""

from roleclassify.text.reading.reader import read, read_bytes

__all__ = ["read", "read_bytes"]
