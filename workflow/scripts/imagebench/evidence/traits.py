"""What sets some formats apart: they lose something, they use all cores, or they are well known."""

from collections.abc import Mapping

import pandas as pd

TUTORIAL = ("disk", "lmdb", "hdf5")
"""The formats that the tutorial compares; in figures of many, they are what others are seen by."""

THREADS = "+threads"
"""How the name of a backend ends that uses all cores."""


def are_lossy(cells: pd.DataFrame) -> pd.Series:
    """Say of each row whether its format loses something; where nothing is known, it does not."""
    known = cells.reindex(columns=["lossless", "psnr_db"])
    return known["lossless"].astype(str).str.lower().eq("false") | known["psnr_db"].notna()


def use_threads(cells: pd.DataFrame) -> pd.Series:
    """Say of each row whether its format encodes and decodes with several threads."""
    threads = pd.to_numeric(cells.reindex(columns=["threads"])["threads"], errors="coerce")
    return (threads > 1) | cells["backend"].astype(str).str.endswith(THREADS)


def special_words(cells: pd.DataFrame) -> dict[str, str]:
    """Say for each format that is not like the others why: "lossy, 36.4 dB", "4 threads".

    Returns:
        Words by the name of the backend; none for those that lose nothing with one thread.
    """
    rows = cells.assign(is_lossy=are_lossy(cells), uses_threads=use_threads(cells))
    rows = rows.reindex(columns=[*dict.fromkeys([*rows.columns, "psnr_db", "threads"])])
    found = {}
    for backend, part in rows[rows["is_lossy"] | rows["uses_threads"]].groupby("backend"):
        words = []
        if part["is_lossy"].any():
            loss = pd.to_numeric(part["psnr_db"], errors="coerce").median()
            words.append("lossy" if pd.isna(loss) else f"lossy, {loss:.1f} dB")
        if part["uses_threads"].any() and not part["backend_label"].iloc[0].endswith("all cores"):
            threads = pd.to_numeric(part["threads"], errors="coerce").max()
            words.append("several threads" if pd.isna(threads) else f"{threads:.0f} threads")
        if words:
            found[str(backend)] = ", ".join(words)
    return found


def marked(frame: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    """Add these words to the labels of a table, such as "LMDB, JPEG 90 (lossy, 36.4 dB)"."""
    frame = frame.copy()
    for name, label in (("backend", "backend_label"), ("other", "other_label")):
        if name in frame.columns and label in frame.columns:
            more = frame[name].map(lambda backend: words.get(backend, ""))
            more = more.map(lambda special: f" ({special})" if special else "").astype(str)
            frame[label] = frame[label].astype(str) + more
    return frame
