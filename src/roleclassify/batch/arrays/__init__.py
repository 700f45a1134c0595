"""The features and scores of many texts in numpy arrays, equal to those of one text at a time."""
