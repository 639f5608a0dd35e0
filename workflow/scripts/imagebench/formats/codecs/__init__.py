"""How an image becomes bytes and back: one file a codec, found by its file name."""
