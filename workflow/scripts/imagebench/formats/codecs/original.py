"""The files as they came, byte for byte."""

from ... import decoding
from ...contract import Blob, Codec
from ...pieces import Image


class Original(Codec):
    """The bytes of each image's own file, with all that it says beside the pixels.

    Nothing is encoded. Reading decodes each format by the fastest library that gives what Pillow
    gives; with a size, such as ``original@256``, JPEG at the smallest scale that is not below it.
    """

    label = "original files"
    good_for = "keeping every byte that there is, and moving files together"
    libraries = ("pillow", "simplejpeg", "imagecodecs")
    requirements = "requirements-codecs"
    ending = ".image"
    modes = ()
    keeps_files = True

    def encode(self, image: bytes) -> bytes:
        return image

    def decode(self, blob: Blob) -> Image:
        return decoding.decode(blob, self.at_least)
