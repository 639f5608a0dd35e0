"""Synthetic images that are stored like CIFAR-10, made from a seed without a network.

Storage benchmarks need images whose compressed sizes, and whose cost to compress and decompress,
are those of natural photographs: noise does not compress at all, and flat shapes compress far
too well.  Each image here combines three known properties of natural images:

* texture with a power-law amplitude spectrum, 1 / f**exponent (Field 1987, J. Opt. Soc. Am. A 4,
  2379-2394);
* objects that occlude one another, with radii of density radius**-3: the "dead leaves" model
  (Lee, Mumford and Huang 2001, Int. J. Computer Vision 41, 35-59);
* colour that varies much in luminance and little along two opponent axes, blue-yellow and
  red-green (Ruderman, Cronin and Chiao 1998, J. Opt. Soc. Am. A 15, 2036-2045).

Contrast, exponent, colour and fine noise are drawn anew for each image.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]


class ClassRecipe(NamedTuple):
    """What the images of one class have in common."""

    name: str
    hue_degrees: float  # of the mean colour: 0 is red, 120 green, 240 blue
    orientation_degrees: float  # in which texture and shapes are elongated, clockwise from right
    elongation: float  # 1 is isotropic
    exponent: float  # of the amplitude spectrum: larger is smoother
    rectangular: bool  # whether shapes are rectangles, else ellipses


CLASS_RECIPES = (
    ClassRecipe("blue_isotropic_ellipses", 215, 0, 1.00, 1.80, False),
    ClassRecipe("red_horizontal_rectangles", 20, 0, 1.50, 1.70, True),
    ClassRecipe("green_vertical_ellipses", 150, 90, 1.70, 1.70, False),
    ClassRecipe("yellow_diagonal_ellipses", 75, 45, 1.55, 1.74, False),
    ClassRecipe("green_isotropic_rectangles", 130, 0, 1.00, 1.70, True),
    ClassRecipe("orange_isotropic_ellipses", 45, 0, 1.00, 1.77, False),
    ClassRecipe("cyan_diagonal_rectangles", 195, 135, 1.55, 1.74, True),
    ClassRecipe("magenta_vertical_rectangles", 330, 90, 1.50, 1.70, True),
    ClassRecipe("blue_horizontal_ellipses", 230, 0, 1.80, 1.77, False),
    ClassRecipe("violet_diagonal_ellipses", 290, 135, 1.40, 1.70, False),
)
CLASS_NAMES: tuple[str, ...] = tuple(recipe.name for recipe in CLASS_RECIPES)

IMAGE_SIDE = 32
CHUNK_IMAGES = 250  # keeps the work arrays small; changing it changes the images of a seed
# A discrete Fourier transform makes periodic fields; cropping hides that opposite edges match.
FIELD_SIDE = 40

# What follows is fitted to the PNG sizes of the CIFAR-10 training images, and to the time it
# takes to encode and decode them.  Spreads are standard deviations; brightness, contrast, colour
# and noise are in grey levels, lengths in pixels.
EXPONENT_SPREAD = 0.08
CHROMA_EXTRA_EXPONENT = 0.7  # chroma is smoother than luminance
ORIENTATION_SPREAD_DEGREES = 10.0
TEXTURE_CONTRAST = 75.0
CHROMA_FRACTION_MEDIAN, CHROMA_FRACTION_LOG_SPREAD = 0.03, 0.8  # of the texture contrast
NOISE_MEDIAN, NOISE_LOG_SPREAD = 0.5, 0.6
# Each image has its contrast multiplied by a Weibull variable of scale 1, for a long tail towards
# low contrast: PNG sizes have such a tail.
CONTRAST_SHAPE = 2.5

LEAVES_PER_IMAGE = 8
LEAF_RADIUS_RANGE = (3.0, 16.0)
# Luminance, blue-yellow, red-green, and the logarithm of the factor on the texture contrast.
LEAF_SPREADS = (48.0, 9.0, 6.0, 0.3)
EDGE_WIDTH = 1.8  # small photographs are reduced from large ones, so their edges are soft

MEAN_BRIGHTNESS = 121.0
MEAN_COLOUR_SPREADS = (34.0, 12.0, 6.0)  # luminance, blue-yellow, red-green
CLASS_COLOUR_STRENGTH = 17.0
TONE_CENTRE, TONE_RANGE = 127.5, 135.0


def make_images(count: int, seed: int, threads: int = 1) -> tuple[ByteArray, ByteArray]:
    """Make labelled colour images that are stored like those of CIFAR-10.

    The first images of a seed are the same whatever ``count`` is.  The module docstring names
    the sources of the method.  Another processor or NumPy release may round a few values in a
    million to the next grey level, so compare checksums only between like machines.

    Args:
        count: number of images, 0 or more.
        seed: any whole number of 0 or more; another seed gives other images.
        threads: how many work on it at once; the images do not depend on it.

    Returns:
        images: shape (count, 32, 32, 3), uint8: rows, columns, and red, green and blue.
        labels: shape (count,), uint8: index into ``CLASS_NAMES``, drawn uniformly for each image.

    Raises:
        ValueError: if ``count`` or ``seed`` is negative.
    """
    if count < 0:
        raise ValueError(f"count must be 0 or more, not {count}")
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, not {seed}")
    images = np.empty((count, IMAGE_SIDE, IMAGE_SIDE, 3), dtype=np.uint8)
    labels = np.empty(count, dtype=np.uint8)

    def fill(start: int) -> None:
        stop = min(start + CHUNK_IMAGES, count)
        chunk = _make_chunk(seed, start // CHUNK_IMAGES, stop - start)
        images[start:stop], labels[start:stop] = chunk

    # NumPy lets go of the interpreter while it computes, so that threads use all cores.
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(fill, range(0, count, CHUNK_IMAGES)):
            pass
    return images, labels


def _make_chunk(seed: int, chunk_index: int, count: int) -> tuple[ByteArray, ByteArray]:
    """Make the first ``count`` images and labels of one chunk."""
    # The spawn key, unlike one list of both numbers, is distinct for seeds of any size.
    sequence = np.random.SeedSequence(seed, spawn_key=(chunk_index,))
    rng = np.random.Generator(np.random.PCG64(sequence))
    # The chunk is always made whole, so that its images do not depend on the count.
    labels = rng.integers(len(CLASS_RECIPES), size=CHUNK_IMAGES, dtype=np.uint8)
    # All parameters have one value an image, in the shape (image, 1, 1, 1).
    recipes = np.array([recipe[1:] for recipe in CLASS_RECIPES], dtype=np.float32)[labels]
    hue, orientation, elongation, exponent, rectangular = recipes.T[..., None, None, None]
    orientation = np.deg2rad(orientation + ORIENTATION_SPREAD_DEGREES * _normal(rng))
    exponent = exponent + EXPONENT_SPREAD * _normal(rng)
    chroma_fraction = CHROMA_FRACTION_MEDIAN * np.exp(CHROMA_FRACTION_LOG_SPREAD * _normal(rng))
    noise = NOISE_MEDIAN * np.exp(NOISE_LOG_SPREAD * _normal(rng))
    contrast = rng.weibull(CONTRAST_SHAPE, noise.shape).astype(np.float32)

    planes = _make_textures(rng, orientation, elongation, exponent)
    planes[:, 1:] *= chroma_fraction
    leaves = _make_leaves(rng, orientation, elongation, rectangular)
    planes *= leaves[:, 3:]
    planes += leaves[:, :3]
    planes *= contrast
    planes += _make_mean_colours(rng, hue)

    luminance, blue_yellow, red_green = np.moveaxis(planes, 1, 0)
    # Like the tone curve of a camera, this leaves few pixels to be clipped.
    luminance = TONE_CENTRE + TONE_RANGE * np.tanh((luminance - TONE_CENTRE) / TONE_RANGE)
    # Noise is on luminance alone: JPEG and the reduction in size leave little in the chroma.
    luminance += noise[:, 0] * rng.standard_normal(luminance.shape, dtype=np.float32)
    red_and_green = luminance + blue_yellow / 2
    images = np.empty((CHUNK_IMAGES, IMAGE_SIDE, IMAGE_SIDE, 3), dtype=np.uint8)
    channels = (red_and_green + red_green, red_and_green - red_green, luminance - blue_yellow)
    for index, channel in enumerate(channels):
        images[..., index] = np.rint(np.clip(channel, 0, 255))
    return images[:count], labels[:count]


def _normal(rng: np.random.Generator, channels: int = 1) -> FloatArray:
    """Draw standard normal values, shape (image, channels, 1, 1)."""
    return rng.standard_normal((CHUNK_IMAGES, channels, 1, 1), dtype=np.float32)


def _make_textures(
    rng: np.random.Generator, orientation: FloatArray, elongation: FloatArray, exponent: FloatArray
) -> FloatArray:
    """Make three fields an image, of unit variance: shape (image, 3, row, column)."""
    vertical = np.fft.fftfreq(FIELD_SIDE).astype(np.float32)[:, None]
    horizontal = np.fft.rfftfreq(FIELD_SIDE).astype(np.float32)
    along, across = _rotate(horizontal, vertical, orientation)
    # Frequencies along the orientation count for more, so the texture is smoother that way.
    squared_frequency = elongation * along**2 + across**2 / elongation
    squared_frequency[..., 0, 0] = np.inf  # no constant part: mean colours are drawn apart
    log_frequency = np.log(squared_frequency) / 2

    shape = (CHUNK_IMAGES, 3, *log_frequency.shape[2:], 2)
    spectrum = rng.standard_normal(shape, dtype=np.float32).view(np.complex64)[..., 0]
    spectrum *= np.exp(-exponent * log_frequency)
    spectrum[:, 1:] *= np.exp(-CHROMA_EXTRA_EXPONENT * log_frequency)
    fields = np.fft.irfft2(spectrum, s=(FIELD_SIDE, FIELD_SIDE))[..., :IMAGE_SIDE, :IMAGE_SIDE]
    fields /= fields.std(axis=(2, 3), keepdims=True)
    return np.asarray(fields, dtype=np.float32)


def _make_leaves(
    rng: np.random.Generator,
    orientation: FloatArray,
    elongation: FloatArray,
    rectangular: FloatArray,
) -> FloatArray:
    """Lay shapes over one another, each with its own colour and texture contrast.

    The result has shape (image, 4, row, column): three opponent colours, texture contrast.
    """
    position = np.arange(IMAGE_SIDE, dtype=np.float32)
    stretch = np.sqrt(elongation)
    is_rectangle = rectangular.ravel() > 0
    # For drawing radii by the inverse of the distribution function of the density radius**-3.
    low, high = (radius**-2 for radius in reversed(LEAF_RADIUS_RANGE))
    canvas = np.empty((CHUNK_IMAGES, 4, IMAGE_SIDE, IMAGE_SIDE), dtype=np.float32)
    canvas[:] = _make_leaf_values(rng)  # the background
    for _ in range(LEAVES_PER_IMAGE):
        column, row, uniform = rng.random((3, *orientation.shape), dtype=np.float32)
        radius = (low + (high - low) * uniform) ** -0.5
        along, across = _rotate(
            position - IMAGE_SIDE * column, position[:, None] - IMAGE_SIDE * row, orientation
        )
        along /= stretch
        across *= stretch
        distance = np.sqrt(along**2 + across**2)
        distance[is_rectangle] = np.maximum(
            np.abs(along[is_rectangle]), np.abs(across[is_rectangle])
        )
        cover = np.clip((radius - distance) / EDGE_WIDTH + 0.5, 0, 1)
        change = _make_leaf_values(rng) - canvas
        change *= cover
        canvas += change
    return canvas


def _make_leaf_values(rng: np.random.Generator) -> FloatArray:
    """Draw the opponent colour and the texture contrast of one leaf an image."""
    values = _normal(rng, 4) * np.array(LEAF_SPREADS, dtype=np.float32)[:, None, None]
    values[:, 3] = TEXTURE_CONTRAST * np.exp(values[:, 3])
    return values


def _make_mean_colours(rng: np.random.Generator, hue: FloatArray) -> FloatArray:
    """Draw one opponent colour an image, shape (image, 3, 1, 1)."""
    colours = _normal(rng, 3) * np.array(MEAN_COLOUR_SPREADS, dtype=np.float32)[:, None, None]
    colours[:, :1] += MEAN_BRIGHTNESS
    # Yellow lies at a hue of 60 degrees, and the red end of the red-green axis at -30.
    colours[:, 1:2] += CLASS_COLOUR_STRENGTH * np.cos(np.deg2rad(hue - 60))
    colours[:, 2:] += CLASS_COLOUR_STRENGTH * np.cos(np.deg2rad(hue + 30))
    return colours


def _rotate(
    horizontal: FloatArray, vertical: FloatArray, angle: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the coordinates along and across the direction of each angle."""
    cosine: FloatArray = np.cos(angle)
    sine: FloatArray = np.sin(angle)
    return cosine * horizontal + sine * vertical, cosine * vertical - sine * horizontal
