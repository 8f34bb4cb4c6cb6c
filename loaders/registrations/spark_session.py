"""Starting Spark: a Java machine of our own that says nothing aloud, leaves nothing on the disk, and ends with the block."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from .engine import EngineError, memory

#: Where Spark can run: here (with so many cores, and attempts), or a cluster of one of three kinds.
_MASTER: Final = re.compile(r"local(\[(?P<cores>\*|[1-9]\d*)(,\s*\d+)?\])?|spark://[^/]+:\d+|yarn|k8s://.+")
_HERE: Final = "local[*]"
_OLDEST_JAVA: Final = 17
#: The share of the memory of this machine that Java may take, and the least and most of it.
_SHARE, _LEAST, _MOST = 0.5, 1024**3, 8 * 1024**3
#: Seconds: until a master answers, until it gives workers, and until Java has ended by itself.
_KNOCK, _WAIT, _END = 10, 120, 30


@contextmanager
def started(spill: Path, master: str | None) -> Iterator[Any]:
    """A session of Spark at ``master`` (all cores of this machine where it is None), which ends with the block.

    Raises EngineError when ``master`` is no place, does not answer or gives no workers within a time limit, or when Java
    is missing, too old, or does not start.
    """
    place = master or _HERE
    found = _MASTER.fullmatch(place)
    if not found:
        raise EngineError("log-spark-master", value=place)
    here = place.startswith("local")
    _knock(place)
    with _context(place, _settings(spill, found["cores"], here), spill, here) as context:
        from pyspark.sql import SparkSession

        session = SparkSession(context)
        yield session
        session.stop()


def _settings(spill: Path, cores: str | None, here: bool) -> dict[str, str]:
    """What Spark must know before it starts."""
    made = {
        "spark.local.dir": str(spill),
        "spark.sql.warehouse.dir": str(spill / "warehouse"),
        "spark.driver.defaultJavaOptions": f'"-Djava.io.tmpdir={spill}" "-Dderby.system.home={spill}" -XX:-UsePerfData',
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if here:
        number = os.cpu_count() or 1 if cores == "*" else int(cores or 1)
        made |= {"spark.sql.shuffle.partitions": str(max(4, 2 * number)), "spark.driver.host": "127.0.0.1"}
        if "SPARK_DRIVER_MEMORY" not in os.environ:
            most = max(_LEAST, min(_MOST, int(_SHARE * memory())))
            made["spark.driver.memory"] = f"{most // 1024**2}m"
    return made


# --- Java ------------------------------------------------------------------------------------------------
@contextmanager
def _context(place: str, settings: Mapping[str, str], spill: Path, here: bool) -> Iterator[Any]:
    """The context of Spark, in a Java machine of its own where this process has none yet."""
    from py4j.protocol import Py4JError
    from pyspark.conf import SparkConf
    from pyspark.core.context import SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = SparkConf().setMaster(place).setAppName("routekaart").setAll(list(settings.items()))
    said = spill / "spark.txt"
    gateway = context = None
    logging.getLogger().addFilter(_of_another)
    try:
        try:
            if SparkContext._gateway is None:
                _check_java()
                # the name of this machine may mean an address that is not there; what runs here needs none
                local = {"SPARK_LOCAL_IP": "127.0.0.1"} if here and "SPARK_LOCAL_IP" not in os.environ else {}
                with patch.dict(os.environ, local), said.open("wb") as file:
                    launch: Any = launch_gateway
                    gateway = launch(conf, {"stdout": file, "stderr": file})
            with _undisturbed():
                context = SparkContext(conf=conf, gateway=gateway)
            if not here:
                _workers(context, place)
        except (PySparkException, Py4JError, OSError) as error:
            raise _not_started(place, error, said) from error
        context.setLogLevel("ERROR")
        yield context
    finally:
        if gateway is not None:
            _end(gateway)
            # where it was interrupted it could not be asked to stop
            SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
            SparkSession._instantiatedSession = SparkSession._activeSession = None
        elif context is not None:
            context.stop()
        logging.getLogger().removeFilter(_of_another)


def _of_another(record: logging.LogRecord) -> bool:
    """Not of Py4J, which tells the screen in a hundred lines that it was interrupted."""
    return "py4j" not in Path(record.pathname).parts


def _end(gateway: Any) -> None:
    """Let Java end, and wait for it: as it ends it stops what runs and removes what it wrote."""
    process: subprocess.Popen[bytes] | None = gateway.proc
    if process and process.stdin:
        process.stdin.close()  # that is how Java knows
        try:
            process.wait(_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    gateway.close()


def _not_started(place: str, error: Exception, said: Path) -> EngineError:
    """Why Spark did not start, as far as can be told."""
    java = getattr(error, "java_exception", None)
    words = str(java.toString() if java is not None else error)
    if "JAVA_GATEWAY_EXITED" in words and said.exists():
        words = said.read_text("utf-8", errors="replace").strip() or words
        words = words.splitlines()[-1]
    return EngineError("log-no-spark", outside=True, master=place, why=words.splitlines()[0])


def _check_java() -> None:
    """Raise EngineError when the Java that Spark takes is not there or too old: Spark would say so in a hundred lines."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    found = None
    if program:
        told = subprocess.run([program, "-version"], capture_output=True, text=True, errors="replace", check=False)
        found = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    if not found or int(found[1]) < _OLDEST_JAVA:
        raise EngineError("log-no-java", outside=True, oldest=_OLDEST_JAVA, found=found[1] if found else "–")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What an interrupt does afterwards is what it did before: Spark takes it over."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# --- a cluster -------------------------------------------------------------------------------------------
def _knock(place: str) -> None:
    """Raise EngineError when no master of Spark's own kind of cluster is there: Spark itself would try for a minute."""
    if not place.startswith("spark://"):
        return
    for master in place.removeprefix("spark://").split(","):
        host, _, port = master.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _KNOCK).close()
        except (OSError, OverflowError):
            continue
        return
    raise EngineError("log-spark-away", outside=True, master=place, seconds=_KNOCK)


def _workers(context: Any, place: str) -> None:
    """Wait until there is a worker besides this process; EngineError when that takes too long."""
    until = time.monotonic() + _WAIT
    while context._jsc.sc().getExecutorMemoryStatus().size() < 2:
        if time.monotonic() > until:
            raise EngineError("log-spark-away", outside=True, master=place, seconds=_WAIT)
        time.sleep(0.5)
