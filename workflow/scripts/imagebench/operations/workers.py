"""Several processes that read one store at once, each with handles of its own."""

import math
import multiprocessing
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from ..errors import BenchmarkError, describe, naming
from ..measuring.clock import Timed, cpu_seconds, device_bytes
from ..measuring.samples import Array, prepare
from ..processes import end_with, held_back, kills_for_memory, raise_for
from .base import Indices, Operation, Pieces, Target

SECONDS_TO_ANSWER = 600
"""A worker that has said nothing for so long hangs: some libraries do once they are forked."""

SECONDS_TO_END = 5
PIECE = 1 << 20


@contextmanager
def shared_memory(size: int) -> Iterator[Path]:
    """Give a file in memory that processes which are started in the body can map.

    Linux has files that are in no folder, so that they are not bound by the size of /dev/shm and
    end with the last process that has them, however that ends. Every byte is written before
    anybody maps it: a process that fills a map for which there is no room is ended by the system.

    Args:
        size: bytes.

    Raises:
        OSError: if there is no room.
    """
    with ExitStack() as stack:
        if hasattr(os, "memfd_create"):
            file: Any = stack.enter_context(open(os.memfd_create("image-storage-bench"), "wb"))
            path = Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        else:
            file = stack.enter_context(tempfile.NamedTemporaryFile())
            path = Path(file.name)
        with naming(path):
            for start in range(0, size, PIECE):
                file.write(b"\1" * min(PIECE, size - start))
            file.flush()
        yield path


def shared_arrays(path: Path, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Map a file as an array of all images and one of all labels, in the order they are asked for.

    (The standard library's shared memory is removed, before Python 3.13, by whichever process ends
    first.)
    """
    images = np.memmap(path, np.uint8, "r+", 0, shape)
    return images, np.memmap(path, np.uint8, "r+", images.nbytes, shape[:1])


class WorkersOperation(Operation):
    """Each of ``workers`` processes reads every n-th batch, as PyTorch's loader hands them out.

    They are started, have imported what they need and opened the store before the clock starts, as
    in training after its first moment. What they read comes back through shared memory.
    """

    settings = ("batch_size", "workers")
    method: ClassVar[str]
    """How processes are started: "fork" or "spawn"."""

    shared: tuple[Array, Array]
    kills: int | None
    processes: list[BaseProcess]
    connections: list[Connection]

    def images(self, stored: int) -> int:
        """All of them."""
        return stored

    def start(self, target: Target) -> None:
        """Start the workers; here, nothing of the backend is used, so that it can be forked."""
        if self.method not in multiprocessing.get_all_start_methods():
            raise BenchmarkError(
                f"this system cannot start processes by {self.method}: take the operation out of "
                "access in the config"
            )
        self.target = target
        context: Any = multiprocessing.get_context(self.method)
        self.processes, self.connections = [], []
        self.kills = kills_for_memory()
        if self.method == "spawn" and os.name == "posix":
            # Where Python starts this by itself, it lets go of the signals that are held back.
            resource_tracker.ensure_running()
        with shared_memory(math.prod(target.shape) + target.shape[0]) as memory:
            self.shared = shared_arrays(memory, target.shape)
            try:
                for number in range(target.settings["workers"]):
                    here, there = context.Pipe()
                    arguments = there, target, memory, number, os.getpid()
                    process = context.Process(target=work, args=arguments)
                    with hidden_main(), held_back(), warnings.catch_warnings():
                        warnings.simplefilter("ignore")  # of a fork: nothing is used in both
                        process.start()
                        self.processes.append(process)
                        self.connections.append(here)
                    there.close()
                self.answers()
            except BaseException:
                self.stop()
                raise

    def open(self) -> None:
        """Let each worker open the store."""
        self.ask("open")

    def close(self) -> None:
        """Let each worker close it."""
        self.ask("close")

    def read(self, indices: Indices) -> Pieces:
        """Let the workers read, and view what they have brought."""
        self.ask("read", indices)
        return [self.shared]

    def timed(self, indices: Indices) -> Timed[Pieces]:
        """Time from asking the workers until the last of them is done.

        The processors' time and the bytes from the device are those of the workers.
        """
        before = self.ask("spent")
        start = time.perf_counter_ns()
        pieces = self.read(indices)
        stop = time.perf_counter_ns()
        after = self.ask("spent")
        spent = [sum_known(pair) for pair in zip(total(before), total(after), strict=True)]
        return Timed(
            pieces,
            seconds=(stop - start) / 1e9,
            cpu_user_seconds=spent[0] or 0.0,
            cpu_system_seconds=spent[1] or 0.0,
            bytes_read=None if spent[2] is None else int(spent[2]),
            bytes_written=None if spent[3] is None else int(spent[3]),
        )

    def ask(self, *message: Any) -> list[Any]:
        """Send the same to all workers, and wait for what each answers."""
        for connection in self.connections:
            connection.send(message)
        return self.answers()

    def answers(self) -> list[Any]:
        """Wait for one answer of each worker.

        Raises:
            BenchmarkError: if one has failed, has died or says nothing.
        """
        found = []
        for number, connection in enumerate(self.connections):
            who = f"worker {number} ({self.method}) on {self.target.store}"
            if not connection.poll(SECONDS_TO_ANSWER):
                raise BenchmarkError(
                    f"{who} has said nothing for {SECONDS_TO_ANSWER} s: a library of "
                    f"{self.target.name} does not work in such a process; take the operation out "
                    "of access in the config, or the format out of backends"
                )
            try:
                failed, answer = connection.recv()
            except (EOFError, ConnectionResetError):
                self.processes[number].join(SECONDS_TO_END)
                code = self.processes[number].exitcode
                if code is not None and code < 0:
                    raise_for(-code, str(self.target.store), self.kills)
                raise BenchmarkError(f"{who} has died without a word") from None
            if failed:
                raise BenchmarkError(f"{who}: {answer}")
            found.append(answer)
        return found

    def stop(self) -> None:
        """End the workers."""
        for connection in self.connections:
            with suppress(OSError):
                connection.send(("stop",))
        for process in self.processes:
            process.join(SECONDS_TO_END)
            if process.is_alive():
                process.kill()
                process.join()


def total(spent: list[tuple[float | None, ...]]) -> list[float | None]:
    """Add up what the workers have spent; None where one of them does not know."""
    return [
        None if None in column else sum(value for value in column if value is not None)
        for column in zip(*spent, strict=True)
    ]


def sum_known(pair: tuple[float | None, float | None]) -> float | None:
    """Subtract what was before from what was after; None where either is not known."""
    before, after = pair
    return None if before is None or after is None else after - before


@contextmanager
def hidden_main() -> Iterator[None]:
    """Let a new process not run the script of this one again, which is how spawning begins."""
    main: ModuleType = sys.modules["__main__"]
    hidden: dict[str, Any] = {
        name: vars(main).pop(name) for name in ("__file__", "__spec__") if name in vars(main)
    }
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update(hidden)


def work(connection: Connection, target: Target, memory: Path, number: int, parent: int) -> None:
    """Do what one worker is asked, until nobody asks any more."""
    end_with(parent)
    try:
        worker = Worker(target, memory, number)
        connection.send((False, None))
        while True:
            name, *arguments = connection.recv()
            if name == "stop":
                return
            connection.send((False, getattr(worker, name)(*arguments)))
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:
        connection.send((True, describe(error)))


class Worker:
    """What one process does."""

    def __init__(self, target: Target, memory: Path, number: int) -> None:
        """Import what reading needs, by storing and reading a blank image."""
        self.target, self.number = target, number
        self.backend = target.load(target.name)
        own = target.store.with_name(f"{target.store.name}.worker-{number}")
        prepare(self.backend, target.shape[1:], own)
        self.images, self.labels = shared_arrays(memory, target.shape)

    def open(self) -> None:
        """Open the store, in this process."""
        self.reader = self.backend.open(self.target.store)

    def close(self) -> None:
        """Close it."""
        self.reader.close()

    def spent(self) -> tuple[float | None, ...]:
        """CPU seconds and bytes of this process so far."""
        return (*cpu_seconds(), *device_bytes())

    def read(self, indices: Indices) -> None:
        """Read this worker's batches into the memory that all share."""
        size = self.target.settings["batch_size"]
        step = size * self.target.settings["workers"]
        for start in range(self.number * size, len(indices), step):
            part = slice(start, min(start + size, len(indices)))
            self.images[part], self.labels[part] = self.reader.read_at(indices[part])
