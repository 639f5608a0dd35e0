# Needs: the checked config and the plan of common.smk.
# Makes: what a cluster is asked for: how much is in one of its jobs, memory, minutes; no rules.

import atexit

PACKS = {
    "block": "block-{block}",
    "location": "block-{block}-{location}",
    "store": "store-{location}-{backend}-{images}-{block}",
    "nothing": None,
}


def group_of(wildcards):
    """Name the job of the cluster that a timed job is a part of; None if it is one by itself."""
    if PACKS[config["pack"]] is None or not is_for_a_cluster():
        return None
    name = PACKS[config["pack"]].format(images=stored_in(wildcards.part), **wildcards)
    put_together(name)
    return name


def slot_of(location):
    """Name the resource of which a timed job takes the only one while it uses a location.

    So nothing else is timed there meanwhile, on whichever node. Where a job of the cluster is a
    block of all locations, they share one.
    """
    return "timing_slot" if config["pack"] == "block" else f"timing_slot_{location}"


SLOTS = sorted({slot_of(location) for location in LOCATIONS})


def takes(slot):
    """Make the function that says whether a job takes a slot; where there is but one, all do."""
    return 1 if len(SLOTS) == 1 else lambda wildcards: int(slot_of(wildcards.location) == slot)


for slot in SLOTS:
    allow_one(slot)


def memory_for(count):
    """Bound the memory to store and read so many images, in MB: Python's, and a piece several times."""
    largest = max(FACTS.image_bytes, image_bytes(FACTS, ONE_MODE))
    return 1000 + 10 * min(count * largest, config["piece_bytes"]) // 10**6


def memory_to_time(wildcards):
    """Bound the memory of a timed job in MB."""
    return memory_for(stored_in(wildcards.part))


def minutes_to_time(wildcards):
    """Bound the minutes of a timed job, on a slow file system and with the slowest format."""
    return 3 + stored_in(wildcards.part) // 2500


def cluster_jobs():
    """List the jobs of a cluster that a run would submit: name, memory in MB, minutes, command line."""
    needed = [(job, workflow.dag.get_job_group(job)) for job in jobs_to_run()]
    jobs = [
        (job.rule.name, job.resources)
        for job, group in needed
        if group is None and not job.rule.norun
    ]
    for group in {group for _, group in needed} - {None}:
        jobs.append((group.groupid, resources_together(group)))
    return sorted(
        (
            name,
            resources.get("mem_mb", "default"),
            resources.get("runtime", "default"),
            resources.get("slurm_partition", "default"),
            resources.get("slurm_extra", ""),
        )
        for name, resources in jobs
    )


def print_cluster_jobs():
    """Say at the end of a dry run what a cluster would be asked for."""
    if not (workflow.dryrun and workflow.dag and workflow.nodes):
        return
    print(f"{'job of the cluster':<40}{'memory, MB':>12}{'minutes':>9}  partition  more")
    for name, memory, minutes, partition, more in cluster_jobs():
        print(f"{name:<40}{memory:>12}{minutes:>9}  {partition:<9}  {more}")


if workflow.is_main_process:
    atexit.register(print_cluster_jobs)
