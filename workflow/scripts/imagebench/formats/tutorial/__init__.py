"""The three ways of the tutorial, never tuned: they are what all else is compared with."""
