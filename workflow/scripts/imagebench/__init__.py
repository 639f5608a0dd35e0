"""What the workflow's scripts and tests share.

The wings, in the order in which data flows: ``images`` (where they come from), ``formats`` (how
they are stored), ``measuring`` (how a call is timed and proven), ``operations`` (what is timed),
``evidence`` (what the samples say), ``answers`` (what follows for a reader), ``figures`` and
``page``. The modules beside them are the small ground that all share.
"""
