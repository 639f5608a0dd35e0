"""How sizes are worded, in messages and in what is drawn and reported alike."""


def readable_bytes(size: float, whole_from: float = 10) -> str:
    """Bytes with a binary unit, such as "4.0 KiB".

    Args:
        size: in bytes.
        whole_from: from so many of a unit on there is no decimal; 1000 where two sizes that are
            close to each other are to be told apart.
    """
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size < 1000 or unit == "TiB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if size >= whole_from or unit == "B" else f"{size:.1f} {unit}"
