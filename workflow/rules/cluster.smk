# Needs: the checked config and the plan of common.smk.
# Makes: what a cluster is asked for: how much is in one of its jobs, memory, minutes; no rules.

import atexit

from snakemake.resources import GroupResources

ALL_OF_IT = 1_000_000
PACKS = {
    "block": "block-{block}",
    "location": "block-{block}-{location}",
    "store": "store-{location}-{backend}-{cutoff}-{block}",
    "nothing": None,
}


def group_of(wildcards):
    """Name the job of the cluster that a timed job is a part of; None if it is one by itself."""
    if PACKS[config["pack"]] is None:
        return None
    name = PACKS[config["pack"]].format(**{"cutoff": part_of(wildcards), **dict(wildcards.items())})
    # All of one name together, though most hang together with nothing else of it. On the command
    # line this can be said too, but it is not handed down to the node.
    settings = workflow.group_settings
    if settings.group_components.get(name) != ALL_OF_IT:
        settings.group_components = {**settings.group_components, name: ALL_OF_IT}
    return name


def slot_of(location):
    """Name the resource of which a timed job takes the only one while it uses a location.

    So nothing else is timed there meanwhile, on whichever node. Where a job of the cluster is a
    block of all locations, they share one.
    """
    return "timing_slot" if config["pack"] == "block" else f"timing_slot_{location}"


SLOTS = sorted({slot_of(location) for location in LOCATIONS})


def takes(slot):
    """Make the function that says whether a job takes a slot."""
    return lambda wildcards: int(slot_of(wildcards.location) == slot)


for slot in SLOTS:
    if workflow.global_resources.get(slot).value is None:  # unless the command line has it
        workflow.register_resource(slot, 1)


def memory_to_time(wildcards):
    """Bound the memory of a timed job in MB: what Python takes, and the images several times."""
    return 1000 + 10 * images_stored(wildcards) * PIXEL_BYTES // 10**6


def minutes_to_time(wildcards):
    """Bound the minutes of a timed job, on a slow file system and with the slowest format."""
    return 3 + images_stored(wildcards) // 2500


def cluster_jobs():
    """List the jobs of a cluster that a run would submit: name, memory in MB, minutes, command line."""
    needed = [(job, workflow.dag.get_job_group(job)) for job in workflow.dag.needrun_jobs()]
    jobs = [
        (job.rule.name, job.resources)
        for job, group in needed
        if group is None and not job.rule.norun
    ]
    for group in {group for _, group in needed} - {None}:
        together = GroupResources.basic_layered(
            group.toposorted, group.global_resources, False, ["runtime"], ["runtime"]
        )
        jobs.append((group.groupid, together))
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
