"""How to write and to read each format with nothing of this project: what the page shows.

Each file is a whole module, of which ``snippets`` takes what a format needs. A container and a
format of one file have ``write`` and ``Store``, which is open in one process; a codec has
``encode`` and ``decode``. ``images`` has what a reader gets in the end, ``picture`` how image files
are decoded. A line behind which ``# where this or that`` stands is taken only where one of these
conditions holds; see ``data_set``.
"""
