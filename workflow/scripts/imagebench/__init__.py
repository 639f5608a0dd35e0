"""What the workflow's scripts and tests share.

Four wings, in the order in which data flows: ``datasets`` (where images come from), ``backends``
(how they are stored), ``measurement`` (how a call is timed and proven) and ``analysis`` (what the
samples say). No wing imports another; the modules beside them are the small ground that all share.
"""
