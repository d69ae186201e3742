"""A Spark session, and its errors in a sentence."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tools import errors
from tools.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_EXTRA = (
    "Spark is not installed: pip install 'salesbrief[spark]' (0.7 GB), and Java 17 or newer (default-jre-headless)."
)
_JAVA = (
    "Spark needs Java 17 or newer and found none that starts: install default-jre-headless (Debian) or set JAVA_HOME."
)
# What a task raised on purpose, as Spark reports it: "tools.errors.InputError: The frame deals has …"
_RAISED = re.compile(r"tools\.errors\.(\w+): (.+)")


def start_session(master: str = "local[*]") -> SparkSession:
    """A session at a master: `local[4]`, `local-cluster[2,1,1024]`, `spark://host:7077`, `yarn` …

    A session that is there already is taken as it is. Raises `InputError` where Spark or Java is missing.
    """
    require_spark()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession

        there = SparkSession.getActiveSession()
        if there is not None:
            return there
        builder = SparkSession.builder.master(master).appName("salesbrief")
        for name, value in _settings(master).items():
            builder = builder.config(name, value)
        try:
            session = builder.getOrCreate()
        except PySparkRuntimeError as error:
            if error.getCondition() == "JAVA_GATEWAY_EXITED":
                raise InputError(_JAVA) from None
            raise
    session.sparkContext.setLogLevel("ERROR")
    if master.startswith("local"):
        # On one machine, workers are the Python that is running now, with what is installed for it.
        session.sparkContext.pythonExec = sys.executable
    return session


def require_spark() -> None:
    """Raise `InputError` where the extra is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pyarrow  # noqa: F401
            import pyspark  # noqa: F401
    except ImportError:
        raise InputError(_EXTRA) from None


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a task raised on purpose is raised here as if it had happened here; pandas 3 is no reason to warn."""
    require_spark()
    from pyspark.errors import PythonException

    try:
        with warnings.catch_warnings():
            # Only Arrow goes to and fro, so it does not matter that Spark's pandas does not know pandas 3 yet.
            warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
            yield
    except PythonException as error:
        raised = _RAISED.search(str(error))
        if raised is None:
            raise
        raise getattr(errors, raised[1])(raised[2].strip()) from None


def _settings(master: str) -> dict[str, str]:
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    if not master.startswith("local"):
        return quiet
    # On one machine nothing listens for others, and 200 tasks a step, as Spark has it, would be mostly starting tasks.
    return {
        **quiet,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
    }
