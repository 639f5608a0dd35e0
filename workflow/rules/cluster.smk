# Needs: the checked config, and what is measured, of common.smk.
# Makes: what a cluster is asked for: how much is in one of its jobs, memory, minutes; no rules.

from imagebench.planning.comparison import most_images

PACKS = {
    "block": "block-{block}",
    "location": "block-{block}-{location}",
    "store": "store-{location}-{backend}-{images}-{block}",
    "nothing": None,
}
LEAST_MEMORY = 1000  # MB
MOST_SLOTS = 8  # that the profile of a cluster has


def group_of(wildcards):
    """Return the name of the cluster's job that a timed job is a part of; None if it is one itself."""
    if PACKS[config["pack"]] is None or not is_on_a_cluster():
        return None
    name = PACKS[config["pack"]].format(images=stored_in(wildcards.part), **wildcards)
    put_together(name)
    return name


def slot_of(location):
    """Return the resource of which a timed job takes the only one while it uses a location.

    So nothing else is timed there meanwhile, on whichever node. Where a job of the cluster is a
    block of all locations, they share one. The profile says that there is one of each.
    """
    is_shared = config["pack"] == "block"
    return f"timing_slot_{0 if is_shared else list(LOCATIONS).index(location) % MOST_SLOTS}"


SLOTS = sorted({slot_of(location) for location in LOCATIONS})


for slot in SLOTS:
    allow_one(slot)


def takes(slot):
    """Return how many of a slot a timed job takes: one if there is no other, else a function."""
    return 1 if len(SLOTS) == 1 else lambda wildcards: int(slot_of(wildcards.location) == slot)


def memory_for(count):
    """Return a bound of the memory to store and read so many images, in MB: several pieces."""
    if not is_planned():  # of a resource, Snakemake does not wait for a checkpoint
        return LEAST_MEMORY
    now = measured()
    largest = max(now.facts.image_bytes, image_bytes(now.facts, now.one_mode))
    return LEAST_MEMORY + 10 * min(count * largest, now.config["piece_bytes"]) // 10**6


def memory_to_time(wildcards):
    """Return a bound of the memory of a timed job in MB."""
    return memory_for(stored_in(wildcards.part))


def memory_to_compare(wildcards):
    """Return a bound of the memory of the comparison with what is there, in MB."""
    return memory_for(most_images(measured())) if is_planned() else LEAST_MEMORY


def minutes_to_time(wildcards):
    """Return a bound of the minutes of a timed job, on a slow file system and with the slowest format."""
    return 3 + stored_in(wildcards.part) // 2500


if not workflow.is_main_process:
    # Snakemake makes the folder of a store before its job begins, through the link of a location, which
    # may lead to a folder that each node has of its own. What is missing is said by the job.
    for name, folder in LOCATIONS.items():
        if locations.is_here(folder):
            locations.make_ready(name, folder, NAME)
