"""The benchmark compares like with like, and its pandas is a second road to a dozen metrics."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.jobs import Values, engine, loop, vectorised
from tests.benchmarks.organisation import Size, write_organisation


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_organisation(Size("tiny", 20, 600), tmp_path_factory.mktemp("generated"))


def _known(values: Values) -> dict[tuple[str, str], float]:
    """What there is a value of; nothing and 0 are told apart by the metric layer only."""
    return {
        (key, metric): value
        for key, metrics in values.items()
        for metric, value in metrics.items()
        if value is not None and value != 0
    }


def test_the_metric_layer_and_plain_pandas_say_the_same(workspace: Path) -> None:
    ours, theirs = engine(workspace), vectorised(workspace)
    assert len(_known(ours)) > 300
    assert _known(ours) == pytest.approx(_known({key: theirs[key] for key in ours}), rel=1e-9)


def test_a_loop_over_people_says_the_same(workspace: Path) -> None:
    ours, theirs = engine(workspace), loop(workspace)
    assert _known(ours) == pytest.approx(_known({key: theirs[key] for key in ours}), rel=1e-9)


def test_the_same_seed_makes_the_same_organisation(workspace: Path, tmp_path: Path) -> None:
    again = write_organisation(Size("tiny", 20, 600), tmp_path)
    assert engine(again) == engine(workspace)
