"""Configs as a run has them: checked, and with every default."""

from imagebench import formats, operations
from imagebench.configuration import SCHEMA_FILE, complete


def check(**config):
    return complete(config, SCHEMA_FILE, formats, operations)
