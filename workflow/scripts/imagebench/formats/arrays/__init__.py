"""Images as one array, each way one file."""
