"""Each formula against values worked out by hand or printed in tables."""

import pytest

from evals.statistics import fewest_changes, holm, kappa, paired_difference, sign_test, student_t, wilson


def test_wilson_interval_of_eight_in_ten():
    assert wilson(8, 10) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)


def test_wilson_stays_inside_zero_and_one():
    assert wilson(0, 10).low == 0.0
    assert wilson(10, 10).high == 1.0


def test_a_rate_of_nothing_is_unknown_and_not_zero():
    assert wilson(0, 0) is None
    assert kappa([], []) is None


@pytest.mark.parametrize(
    ("better", "worse", "p"), [(5, 0, 0.0625), (6, 0, 0.03125), (8, 1, 0.0390625), (10, 3, 0.0923), (0, 0, 1.0)]
)
def test_sign_test_is_exact(better, worse, p):
    assert sign_test(better, worse) == pytest.approx(p, abs=1e-4)
    assert sign_test(worse, better) == sign_test(better, worse)


def test_fewer_than_six_changed_cases_can_never_be_told_from_noise():
    assert fewest_changes() == 6


def test_holm_multiplies_the_smallest_most_and_keeps_the_order():
    # 0.01×3; then 0.03×2 = 0.06; then 0.04×1 would be 0.04, which must not fall below 0.06.
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_kappa_by_hand():
    # 7 of 10 agree; chance = .5×.4 + .5×.6 = .5; kappa = (.7 − .5) / .5.
    labelled = [True] * 5 + [False] * 5
    judged = [True, True, True, False, False, True, False, False, False, False]
    found = kappa(judged, labelled)
    assert found.kappa == pytest.approx(0.4)
    assert (found.observed, found.base_rate, found.constant) == (0.7, 0.5, 0.5)


def test_kappa_is_unknown_when_both_only_ever_say_yes():
    assert kappa([True, True], [True, True]).kappa is None


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.706), (2, 4.303), (3, 3.182), (10, 2.228), (30, 2.042)])
def test_student_t_matches_the_tables(freedom, t):
    assert student_t(0.975, freedom) == pytest.approx(t, abs=0.005)


def test_cases_of_one_person_do_not_count_as_independent():
    differences = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    alone = paired_difference(differences, range(6))
    together = paired_difference(differences, ["ann", "ann", "ann", "bo", "bo", "bo"])
    assert alone.estimate == together.estimate == 0.5
    assert together.high - together.low > alone.high - alone.low


def test_one_person_says_nothing_about_others():
    assert paired_difference([1.0, 0.5], ["ann", "ann"]) is None
