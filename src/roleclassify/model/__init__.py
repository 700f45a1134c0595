"""From tokens to features, score and decision."""
