"""Tables as streams of blocks: cut by one process, read and encoded by others, appended in order."""
