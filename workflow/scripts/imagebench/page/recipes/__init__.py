"""How to write and to read each format with nothing of this project: what the page shows.

Each file is a whole module, of which ``snippets`` takes what a format needs. A container has
``write`` and ``Blobs``, a codec ``encode`` and ``decode``, and a format of one file ``write`` and
``Images``.
"""
