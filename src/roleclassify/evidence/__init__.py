"""What an answer rests on, for reading: groups, highlights, what is absent, what would change it, two compared."""
