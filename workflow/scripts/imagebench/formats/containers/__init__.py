"""Where encoded images are kept: one file a container, found by its file name."""
