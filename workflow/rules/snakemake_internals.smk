# Needs: nothing. Makes: what Snakemake has no public way for; no rules. Each use of a private part of
# Snakemake is a function here, with its reason; all were seen in release 9.27.

from pathlib import Path

from snakemake.resources import GroupResources


def run_at_start(function):
    """Call a function before the first job of a run.

    The directive onstart counts only in the outermost workflow, not where this one is a module.
    """
    before = workflow._onstart

    def both(log):
        before(log)
        function()

    workflow._onstart = both


def run_at_end(function):
    """Call a function with whether all went well, when a run ends; see run_at_start."""
    success, failure = workflow._onsuccess, workflow._onerror
    workflow._onsuccess = lambda log: (success(log), function(True))
    workflow._onerror = lambda log: (failure(log), function(False))


def before_planning(function):
    """Call a function when all settings are known, and before Snakemake looks for jobs."""
    build = workflow._build_dag

    def both():
        function()
        build()

    workflow._build_dag = both


def make_anew(paths):
    """Have results made again, though Snakemake finds nothing wrong with them.

    Only those that are needed for what was asked for: --forcerun would ask for them itself.
    """
    workflow.dag.forcefiles.update(paths)


def is_real_run():
    """Whether jobs will run: it is neither a dry run nor a question about results."""
    return workflow.executor_plugin is not None and not workflow.dryrun


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


def jobs_to_run():
    """List the jobs that this run will start."""
    return list(workflow.dag.needrun_jobs())


def is_asked_for(path):
    """Whether a file was named on the command line."""
    return path in map(str, workflow.dag.targetfiles)


def put_together(name):
    """Let all jobs of a group be one job of the cluster, though most hang together with nothing else.

    On the command line this can be said too, but it is not handed down to the node.
    """
    settings = workflow.group_settings
    if settings.group_components.get(name) != ALL_OF_IT:
        settings.group_components = {**settings.group_components, name: ALL_OF_IT}


ALL_OF_IT = 1_000_000


def allow_one(resource):
    """Let one job at a time take a resource, unless the command line says how many."""
    if workflow.global_resources.get(resource).value is None:
        workflow.register_resource(resource, 1)


def resources_together(group):
    """Give the resources that the jobs of a group ask a cluster for together."""
    return GroupResources.basic_layered(
        group.toposorted, group.global_resources, False, ["runtime"], ["runtime"]
    )


def moves_results():
    """Whether another workflow uses this one as a module whose files go elsewhere."""
    modifier = workflow.modifier.path_modifier
    return bool(modifier.prefix or modifier._prefix_replacements)


def is_for_a_cluster():
    """Whether jobs go to a cluster, or this is a part of one that runs on a node."""
    return bool(workflow.nodes) or not workflow.is_main_process
