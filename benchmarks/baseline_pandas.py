"""Score a CSV file plainly with pandas and scikit-learn: ``baseline_pandas.py MODEL INPUT OUTPUT``."""

import sys

import joblib
import pandas as pd

model, source, output = sys.argv[1:]
vectorizer, regression = joblib.load(model)
table = pd.read_csv(source)
probabilities = regression.predict_proba(vectorizer.transform(table["text"].fillna("")))
table["label"] = regression.classes_[probabilities.argmax(axis=1)]
table["probability"] = probabilities.max(axis=1)
table.to_csv(output, index=False)
