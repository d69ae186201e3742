"""The labelled drafts beside the checkout: the checks must not fall behind what they reached on them."""

import pytest

from evals.checks import CHECK_IDS
from evals.corpus import load_corpus
from evals.score import score


@pytest.mark.parametrize(("file", "f1"), [("dev-en.jsonl", 0.97), ("dev-i18n.jsonl", 0.97)])
def test_the_labels_are_found_and_clean_drafts_left_alone(shared, file, f1):
    path = shared / "corpus" / file
    if not path.is_file():
        pytest.skip(f"no labelled drafts at {path}")
    found = score(load_corpus(path, CHECK_IDS), split="1-20,21-40")
    assert found.errors == ()
    assert found.clean_without_finding == found.clean
    assert found.tally().f1 >= f1
    assert all(tally.f1 >= f1 - 0.02 for tally in found.splits if tally.check == "all")
