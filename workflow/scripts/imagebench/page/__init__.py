"""The page of answers: what is asked, what is answered, and what must be said beside it."""
