# Needs: the checked config of common.smk.
# Makes: the folders that stores are kept in, and whether there is room in them; no rules.

PIXEL_BYTES = 32 * 32 * 3  # of one image, in both data sets


def need_of_location():
    """Bound what the stores of one location take at most at one time: see space.STORES_AT_ONCE."""
    needs = [
        space.need_of_store(backends.load(backend), cutoff, PIXEL_BYTES)
        for backend in BACKENDS
        for cutoff in [*config["cutoffs"], *([ACCESS_IMAGES] if config["access"] else [])]
    ]
    if not workflow.storage_settings.notemp:
        return space.Need.largest(needs)
    return sum(needs, space.Need(0, 0)).times(config["blocks"])  # all are kept


def need_of_images():
    """Bound what the archive, the images in it and those that are stored take together."""
    made = Path("results", config["dataset"], "doubled/images.npy").exists()
    return space.Need(0 if made else 3 * config["image_count"] * (PIXEL_BYTES + 1), 100)


def open_locations():
    """Link all locations, and refuse to begin where there is not enough room.

    On a cluster, some may be seen by its nodes alone: those are looked at by the jobs.
    """
    dataset = config["dataset"]
    needs = {}
    for name, folder in LOCATIONS.items():
        locations.link(name, folder, dataset)
        if workflow.local_exec or locations.is_here(folder):
            place = locations.make_ready(name, folder, dataset)
            needs.setdefault(os.stat(place).st_dev, []).append((name, place))
    for places in needs.values():
        # One after the other, they never take more than the largest of them.
        names = " and ".join(name for name, _ in places)
        space.require_room(places[0][1], need_of_location(), f"the stores of location {names}")
    space.require_room(Path("results"), need_of_images(), f"the images of {dataset}")


def close_locations():
    """Leave nothing behind that a finished or failed run has no more use for."""
    remove_leftovers(Path("results", config["dataset"]))
    for name, folder in LOCATIONS.items():
        locations.clear(name, folder, config["dataset"])


if not workflow.is_main_process:
    # On a node of a cluster, before a job that stores there; what is missing is said by the job.
    for name, folder in LOCATIONS.items():
        if locations.is_here(folder):
            locations.make_ready(name, folder, config["dataset"])
