"""The figures."""

MOST_LINES = 12
"""At most so many formats, the baseline and its control included, can be told apart as lines."""
