"""A real Slurm cluster of two nodes on this one machine, from Debian's packages.

    python tests/clusters.py quick    start it, run the quick config through it, take it down
    python tests/clusters.py up       start it and wait until Ctrl-C

It needs root and the packages slurm-wlm and munge, and no service manager. Both nodes are this
machine; each has a folder /node-local of its own, as on a cluster with a disk in every node.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

CONFIG = Path("/etc/slurm/slurm.conf")
STATE = Path("/var/tmp/imagebench-cluster")
MARK = "ClusterName=imagebench"
NODES = ("n1", "n2")
PACKAGES = ("slurmctld", "slurmd", "sbatch", "munged")
SETTINGS = """\
{mark}
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={state}/completed
ReturnToService=2
MinJobAge=3600
SlurmdTimeout=10
KillWait=5
MessageTimeout=10
StateSaveLocation={state}/controller
SlurmdSpoolDir={state}/%n
SlurmctldPidFile={state}/slurmctld.pid
SlurmdPidFile={state}/slurmd.%n.pid
SlurmctldLogFile={state}/slurmctld.log
SlurmdLogFile={state}/slurmd.%n.log
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port=17001 CPUs=1 RealMemory=6000
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port=17002 CPUs=1 RealMemory=6000
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
# The plugin waits ten seconds longer each time that it sees no job end.
IMPATIENT_SNAKEMAKE = """
from snakemake.cli import main
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor

pause = property(lambda self: 1, lambda self, seconds: None)
RemoteExecutor.next_seconds_between_status_checks = pause
main()
"""


def missing():
    """Say why there can be no cluster here; None if there can be one."""
    if os.geteuid() != 0:
        return "a cluster of one's own needs root"
    absent = [name for name in PACKAGES if shutil.which(name) is None]
    if absent:
        return f"there is no {absent[0]}: apt-get install slurm-wlm munge"
    if ask("pgrep", "-x", "slurmctld"):
        return "a cluster is running here already"
    if CONFIG.exists() and MARK not in CONFIG.read_text(encoding="utf-8"):
        return f"{CONFIG} is of another cluster"
    return None


class Cluster:
    """Its daemons, and what one asks them."""

    def __init__(self):
        self.daemons = {}

    def start(self):
        """Start everything, and wait until both nodes are idle."""
        shutil.rmtree(STATE, ignore_errors=True)
        (STATE / "controller").mkdir(parents=True)
        CONFIG.parent.mkdir(exist_ok=True)
        text = SETTINGS.format(mark=MARK, host=socket.gethostname(), state=STATE)
        CONFIG.write_text(text, encoding="utf-8")
        self.start_munge()
        self.start_controller()
        for node in NODES:
            self.start_node(node)
        self.wait_for(dict.fromkeys(NODES, "idle"))

    def start_munge(self):
        """Start what Slurm's daemons prove to each other with who they are."""
        if ask("munge", "-n"):
            return
        for folder in ("/run/munge", "/var/log/munge", "/var/lib/munge"):
            Path(folder).mkdir(exist_ok=True)
            shutil.chown(folder, "munge", "munge")
        Path("/run/munge").chmod(0o755)
        self.run_daemon("munged", ["runuser", "-u", "munge", "--", "munged", "--foreground"])
        wait(lambda: ask("munge", "-n"))

    def start_controller(self):
        self.run_daemon("slurmctld", ["slurmctld", "-D"])
        wait(lambda: "UP" in ask("scontrol", "ping"))

    def start_node(self, node):
        (STATE / node).mkdir(exist_ok=True)
        Path("/node-local").mkdir(exist_ok=True)
        private = f"mount -t tmpfs node-local /node-local && exec slurmd -D -N {node}"
        self.run_daemon(node, ["unshare", "--mount", "sh", "-c", private])

    def run_daemon(self, name, command):
        log = open(STATE / f"{name}.out", "ab")
        self.daemons[name] = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True
        )

    def kill_node(self, node):
        """Lose a node as if its power had failed: its daemon, and all that ran there."""
        daemon = self.daemons.pop(node)
        space = os.readlink(f"/proc/{daemon.pid}/ns/mnt")
        for process in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                if os.readlink(process / "ns/mnt") == space:
                    os.kill(int(process.name), signal.SIGKILL)
        daemon.wait()

    def stop_controller(self):
        daemon = self.daemons.pop("slurmctld")
        daemon.terminate()
        daemon.wait(60)

    def states(self):
        """State of each node, in one word."""
        lines = ask("sinfo", "-N", "-h", "-o", "%N %t").splitlines()
        return {name: state.rstrip("*") for name, state in map(str.split, lines)}

    def wait_for(self, states):
        wait(lambda: self.states() == states)

    def completed(self):
        """Each job that has ended: a dictionary of what Slurm wrote down about it."""
        path = STATE / "completed"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]

    def stop(self):
        """Take everything down."""
        for name in reversed(list(self.daemons)):
            if name in NODES:
                self.kill_node(name)
            else:
                daemon = self.daemons.pop(name)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(daemon.pid, signal.SIGKILL)
                daemon.wait()
        CONFIG.unlink(missing_ok=True)
        shutil.rmtree(STATE, ignore_errors=True)


def ask(*command):
    """Output of a command; empty where it failed."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def wait(condition, seconds=60):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds} s still not: {condition}"
        time.sleep(0.2)


@contextlib.contextmanager
def running_cluster():
    """Have a cluster for as long as the body runs."""
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def main():
    """Do what the command line says."""
    reason = missing()
    if reason or sys.argv[1:] not in (["quick"], ["up"]):
        sys.exit(reason or __doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running_cluster() as cluster:
        print(ask("sinfo"), flush=True)
        if sys.argv[1] == "up":
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
            return
        command = [sys.executable, "-m", "snakemake"]
        command += ["--workflow-profile", "workflow/profiles/slurm"]
        done = subprocess.run([*command, "--configfile", "config/quick.yaml"], check=False)
        for job in cluster.completed():
            print(*(job[name] for name in ("JobId", "NodeList", "StartTime", "EndTime")))
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
