"""The limit once more under another name: a comparison that must find no difference."""

from .raw import Raw


class Control(Raw):
    """Measured like any other backend, though it is `raw`: an A/A control of the whole method."""

    label = "Raw bytes again (control)"
    good_for = "showing that this benchmark finds no difference where there is none"
    libraries = ("numpy",)
