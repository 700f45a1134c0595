"""Score a CSV file with fastText: ``baseline_fasttext.py fit MODEL TEXTS``, then ``... score MODEL INPUT OUTPUT``."""

import sys

import fasttext

what, model, source, *rest = sys.argv[1:]
if what == "fit":
    fasttext.train_supervised(source, wordNgrams=2, thread=2, verbose=0).save_model(model)
else:
    import pandas as pd

    fitted = fasttext.load_model(model)
    table = pd.read_csv(source)
    lines = table["text"].fillna("").str.split().str.join(" ")
    labels, probabilities = fitted.predict(lines.tolist())
    table["label"] = [label[0].removeprefix("__label__") for label in labels]
    table["probability"] = [float(probability[0]) for probability in probabilities]
    table.to_csv(rest[0], index=False)
