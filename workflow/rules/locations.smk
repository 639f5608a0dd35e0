# Needs: the checked config of common.smk.
# Makes: the folders that stores are kept in, and whether there is room in them; no rules.

from imagebench.digests import DIGEST_BYTES
from imagebench.measuring.room import Need, need_of_store, require_room
from imagebench.wording import counted


def need_of_location(location):
    """Bound what the stores that this run makes in a location take at most at one time.

    See room.STORES_AT_ONCE; all are kept, where Snakemake was told so.
    """
    needs = [
        need_of_store(formats.load(job.wildcards.backend), stored_in(job.wildcards.part), FACTS)
        for job in jobs_to_run()
        if job.wildcards.get("location") == location
        and job.wildcards.operation not in READ_OPERATIONS
    ]
    if not workflow.storage_settings.notemp:
        return Need.largest([Need(0, 0), *needs])
    return sum(needs, Need(0, 0))


def need_of_images():
    """Bound what this run adds to the archive, to the images in it, to those doubled and digested.

    A file that is made anew goes before the new one is written.
    """
    count, size = config["image_count"], FACTS.image_bytes
    images = {
        "archive.tar.gz": min(count, SOURCE_COUNT // 2) * (size + 1),
        "unpickled/images.npy": min(count, SOURCE_COUNT // 2) * size,
        "doubled/images.npy": min(count, SOURCE_COUNT) * size,
        "doubled/digests.npy": count * DIGEST_BYTES,
        "arrays/digests.npy": count * DIGEST_BYTES,
    }
    size = 0
    for job in jobs_to_run():
        for path in map(str, job.output):
            most = next((most for ending, most in images.items() if ending in path), 0)
            there = Path(path).stat().st_size if most and Path(path).exists() else 0
            size += most - there
    return Need(max(size, 0), 100)


def open_locations():
    """Link all locations, and refuse to begin where there is not enough room.

    On a cluster, some may be seen by its nodes alone: those are looked at by the jobs.
    """
    needs = {}
    for name, folder in LOCATIONS.items():
        locations.link(name, folder, NAME)
        if workflow.local_exec or locations.is_here(folder):
            place = locations.make_ready(name, folder, NAME)
            needs.setdefault(os.stat(place).st_dev, []).append((name, place))
    for places in needs.values():
        names = " and ".join(name for name, _ in places)
        # One after the other, they never take more than the largest of them.
        need = Need.largest(need_of_location(name) for name, _ in places)
        require_room(
            places[0][1], need, f"the stores of location {names}", "leave out the largest cutoff"
        )
    what = f"the {counted(config['image_count'], 'image')} of {NAME}"
    require_room(Path("results"), need_of_images(), what, "lower image_count")


def close_locations():
    """Leave nothing behind that a finished or failed run has no more use for."""
    for name, folder in LOCATIONS.items():
        locations.clear(name, folder, NAME)


if not workflow.is_main_process:
    # On a node of a cluster, before a job that stores there; what is missing is said by the job.
    for name, folder in LOCATIONS.items():
        if locations.is_here(folder):
            locations.make_ready(name, folder, NAME)
