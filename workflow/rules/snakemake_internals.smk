# Needs: nothing. Makes: what Snakemake has no public way for; no rules. Each use of a private part of
# Snakemake is a function here, with its reason; all were seen in release 9.27.

from pathlib import Path


def is_real_run():
    """Return True if jobs will run: this is neither a dry run nor a question about results."""
    executor = workflow.executor_plugin
    return executor is not None and not executor.common_settings.dryrun_exec


def is_on_a_cluster():
    """Return True if jobs run on other machines than this one, or if this is one of those."""
    executor = workflow.executor_plugin
    is_local = executor is None or executor.common_settings.local_exec
    return not workflow.is_main_process or not is_local


def start_jobs_without_a_limit():
    """Switch off the limit to how many jobs start in a second.

    With it, Snakemake plans anew a second after each job, and again a second later, for ever: with a
    thousand jobs behind it, it took three quarters of a core beside whatever was timed.
    """
    workflow.scheduler.job_rate_limiter = None


def unlock():
    """Take away the lock that a killed run has left on this folder."""
    locks = Path(".snakemake/locks")
    for lock in locks.glob("*.lock"):
        lock.unlink()


def is_locked():
    """Whether a run has locked this folder, or has left its lock behind."""
    return any(Path(".snakemake/locks").glob("*.lock"))


def put_together(name):
    """Let all jobs of a group be one job of the cluster, though most hang together with nothing else.

    On the command line this can be said too, but it is not handed down to the node.
    """
    settings = workflow.group_settings
    if settings.group_components.get(name) != ALL_OF_IT:
        settings.group_components = {**settings.group_components, name: ALL_OF_IT}


ALL_OF_IT = 1_000_000


def allow_one(resource):
    """Let one job of a group at a time take a resource.

    The profile says so too, but that is not handed down to the node on which the group runs.
    """
    if not workflow.is_main_process:
        workflow.register_resource(resource, 1)
