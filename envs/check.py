"""What must hold before anything is installed; whatever Python there is can run it."""

import os
import re
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed, but %s is %s: make PYTHON=..."
        % (sys.executable, sys.version.split()[0])
    )
UNSAFE = re.search(r"[^\w@%+=,./~-]", os.getcwd())
if UNSAFE:
    sys.exit(
        "the folder %r has %r in its path, which Snakemake or Python's environments cannot work "
        "with: move it to, or clone into, a path of letters, digits and - _ . alone"
        % (os.getcwd(), UNSAFE.group())
    )
