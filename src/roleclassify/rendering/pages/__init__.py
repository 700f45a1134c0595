"""Results as self-contained HTML pages: no script, no network, everything from documents and lexicons escaped."""
