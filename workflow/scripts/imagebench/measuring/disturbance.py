"""What else went on on the machine while a block was measured.

Where a system does not tell (of most, all but Linux), it is None: unknown, and never a reason to
stop.
"""

import hashlib
import os
import time
from dataclasses import dataclass
from statistics import median

import psutil

from ..system_tables import numbers_in
from .stopwatch import cpu_seconds

CALIBRATION_ROUNDS = 7
CALIBRATION_BYTES = bytes(1 << 20)
CALIBRATION_NUMBERS = range(30_000)

BUSY = ("user", "nice", "system", "irq", "softirq")
GUESTS = ("guest", "guest_nice")
"""Kinds of processors' time, as psutil names them; user and nice have counted guests already."""


def calibrate() -> float:
    """Seconds that a fixed piece of work takes now: hashing, copying and plain Python.

    It reads no file and does the same each time, so that only the machine can make it slower. The
    median of several rounds is given, since one interruption does not make a slow machine.
    """
    rounds = []
    for _ in range(CALIBRATION_ROUNDS):
        start = time.perf_counter_ns()
        hashlib.sha256(bytearray(CALIBRATION_BYTES)).digest()
        sum(CALIBRATION_NUMBERS)
        rounds.append(time.perf_counter_ns() - start)
    return median(rounds) / 1e9


@dataclass(frozen=True)
class Counters:
    """Counts since the machine started, and the CPU time of this process, in seconds.

    Its own is also that of the processes it has started, once they have ended.
    """

    wall: float
    own_cpu: float
    busy: float | None
    steal: float | None
    capacity: float | None
    """CPU seconds of all cores together, idle ones too."""

    pressure: dict[str, float | None]
    """Seconds in which some process waited for "cpu", "io" and "memory"."""

    @classmethod
    def now(cls) -> "Counters":
        """Take all counts."""
        busy, steal, capacity = cpu_counts()
        children = os.times()
        return cls(
            time.perf_counter(),
            sum(cpu_seconds()) + children.children_user + children.children_system,
            busy,
            steal,
            capacity,
            {name: pressure(name) for name in ("cpu", "io", "memory")},
        )

    def shares_since(self, start: "Counters") -> dict[str, float | None]:
        """Give what happened since as shares of the time.

        ``other_cpu_share`` is in cores: 0.5 is half a core that others were busy on, the kernel's
        own threads among them.
        """
        wall = self.wall - start.wall
        busy = difference(self.busy, start.busy)
        others = None if busy is None else max(busy - (self.own_cpu - start.own_cpu), 0.0)
        shares = {
            "steal_share": share(
                difference(self.steal, start.steal), difference(self.capacity, start.capacity)
            ),
            "other_cpu_share": share(others, wall),
        }
        for name, seconds in self.pressure.items():
            shares[f"{name}_pressure_share"] = share(
                difference(seconds, start.pressure[name]), wall
            )
        return shares


def difference(after: float | None, before: float | None) -> float | None:
    """Subtract what may be unknown."""
    return None if after is None or before is None else after - before


def share(part: float | None, whole: float | None) -> float | None:
    """Divide what may be unknown; nothing of nothing is nothing."""
    if part is None or whole is None:
        return None
    return round(part / whole, 4) if whole > 0 else 0.0


def cpu_counts() -> tuple[float | None, float | None, float | None]:
    """Busy, stolen and all CPU seconds of all cores since the machine started."""
    try:
        known = psutil.cpu_times()._asdict()
    except OSError:
        return None, None, None
    times = {kind: seconds for kind, seconds in known.items() if kind not in GUESTS}
    return sum(times.get(kind, 0.0) for kind in BUSY), times.get("steal"), sum(times.values())


def pressure(resource: str) -> float | None:
    """Seconds in which at least one process waited for a resource, since the machine started."""
    # A kernel may be built or started without it.
    [microseconds] = numbers_in(f"/proc/pressure/{resource}", rb"some .*total=")
    return None if microseconds is None else microseconds / 1e6
