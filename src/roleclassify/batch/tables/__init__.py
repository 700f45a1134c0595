"""Tables of several formats, cut into blocks of whole rows, and rows written with their answers."""
