"""    python3 -m unittest discover -s Bench/turns     (seconds, without the corpus)"""

import unittest
from dataclasses import dataclass, field

try:
    import numpy
    import curves
except ImportError:
    raise unittest.SkipTest("this Python has no numpy")


@dataclass
class File:
    truth: numpy.ndarray
    outside: numpy.ndarray
    turns: list = field(default_factory=list)


def drawn(picture):
    """'#' is speech; one column is one frame of 20 ms."""
    return numpy.array([mark == "#" for mark in picture])


class Roc(unittest.TestCase):
    def test_a_perfect_score_goes_straight_up(self):
        alarms, hits = curves.roc(drawn("..##"), numpy.array([0.1, 0.2, 0.8, 0.9]))
        self.assertEqual(list(zip(alarms, hits)), [(0, 0), (0, 0.5), (0, 1), (0.5, 1), (1, 1)])

    def test_frames_with_one_score_are_decided_together(self):
        alarms, hits = curves.roc(drawn(".#.#"), numpy.array([0.5, 0.5, 0.5, 0.5]))
        self.assertEqual(list(zip(alarms, hits)), [(0, 0), (1, 1)])

    def test_thinning_keeps_the_ends_and_the_area(self):
        truth = numpy.random.default_rng(7).random(20_000) < 0.4
        score = numpy.random.default_rng(8).normal(truth * 1.5)
        alarms, hits = curves.roc(truth, score)
        few_alarms, few_hits = curves.thinned(alarms, hits, 80)
        self.assertLessEqual(len(few_alarms), 82)
        self.assertEqual((few_alarms[0], few_hits[0], few_alarms[-1], few_hits[-1]), (0, 0, 1, 1))
        self.assertTrue((numpy.diff(few_alarms) >= 0).all() and (numpy.diff(few_hits) >= 0).all())
        self.assertAlmostEqual(self.area(few_alarms, few_hits), self.area(alarms, hits), delta=0.001)

    def area(self, x, y):
        return float((numpy.diff(x) * (y[1:] + y[:-1]) / 2).sum())

    def test_a_short_curve_is_left_alone(self):
        self.assertEqual([list(part) for part in curves.thinned([0, 0.2, 1], [0, 0.9, 1], 80)], [[0, 0.2, 1], [0, 0.9, 1]])


class Distribution(unittest.TestCase):
    def test_onsets_never_heard_keep_the_curve_below_one(self):
        self.assertEqual(curves.distribution([0, 40, 40, 100], 5), [(0, 0.2), (40, 0.6), (40, 0.6), (100, 0.8)])

    def test_nothing_heard_at_all_is_no_curve(self):
        self.assertEqual(curves.distribution([], 3), [])


class Rule(unittest.TestCase):
    def test_it_fires_once_a_stretch_and_only_when_that_is_long_enough(self):
        self.assertEqual(list(curves.firings(drawn("..##..######"), 3)), [8])
        self.assertEqual(list(curves.firings(drawn("..##..######"), 2)), [3, 7])
        self.assertEqual(list(curves.firings(drawn("......"), 1)), [])

    def test_a_stop_counts_as_false_only_far_from_speech(self):
        #                 0123456789
        decision = drawn("##..###...")
        outside = drawn("###.......")
        false, delay, missed = curves.stops([decision], [File(drawn("....##...."), outside, [(0.08, 0.12)])], 2)
        self.assertAlmostEqual(false, 1 / (3 * 0.02) * 3600)
        self.assertEqual((round(delay), missed), (0, 0))  # the early stop is within 100 ms of the turn

    def test_delay_runs_from_the_turns_start_to_the_moment_the_rule_fires(self):
        decision = drawn("." * 50 + "." * 4 + "######" + "." * 20)
        file = File(drawn("." * 80), drawn("." * 80), [(1.0, 1.5)])
        for rule, expected in ((1, 100), (3, 140), (6, 200)):
            self.assertAlmostEqual(curves.stops([decision], [file], rule)[1], expected)
        self.assertEqual(curves.stops([decision], [file], 7), (0.0, None, 100.0))

    def test_a_detector_that_is_on_already_has_no_delay(self):
        file = File(drawn("." * 80), drawn("." * 80), [(1.0, 1.5)])
        self.assertEqual(curves.stops([drawn("#" * 80)], [file], 6)[1], 0)

    def test_the_sweep_ends_where_a_tenth_of_the_turns_is_missed(self):
        decision = drawn(("." * 50 + "#" * 10 + "." * 40))  # 200 ms of speech, one second in
        file = File(drawn("." * 100), drawn("." * 100), [(1.0, 1.3)])
        self.assertEqual([point[0] for point in curves.over_rules([decision], [file])], list(range(20, 201, 20)))


class Thresholds(unittest.TestCase):
    def test_a_score_of_two_values_has_no_curve(self):
        self.assertEqual(len(curves.thresholds([numpy.array([0.0, 1.0, 1.0])], [drawn(".##")])), 0)

    def test_being_stuck_on_is_not_counted_as_perfection(self):
        truth = drawn("." * 100 + "#" * 50)
        file = File(truth, ~truth, [(2.0, 3.0)])
        score = numpy.where(truth, 0.5 + 0.4 * numpy.arange(150) / 150, 0.2)
        score[10:20] = 0.87
        swept = curves.over_thresholds([score], [file])
        self.assertTrue(all(cut > 0.2 for cut, *_ in swept))
        self.assertGreater(swept[0][1], 0)
        self.assertEqual(swept[-1][1], 0)
        # The same caller with noise as loud as he is: every threshold that hears him is on all the time.
        self.assertEqual(curves.over_thresholds([numpy.where(truth, score, 0.95)], [file]), [])

    def test_only_what_no_other_threshold_beats_in_both_is_drawn(self):
        points = [(0.1, 90, 50, 0), (0.2, 100, 60, 0), (0.3, 40, 70, 0), (0.4, 40, 80, 0), (0.5, 0, 99, 0)]
        self.assertEqual([point[0] for point in curves.front(points)], [0.1, 0.3, 0.5])


if __name__ == "__main__":
    unittest.main()
