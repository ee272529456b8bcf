import unittest

try:
    import numpy
    import worst
except ImportError:
    raise unittest.SkipTest("this Python has no numpy")


class File:
    def __init__(self, truth, outside):
        self.truth, self.outside = numpy.array(truth, bool), numpy.array(outside, bool)
        self.seconds_outside = self.outside.sum() * 0.02


class Harm(unittest.TestCase):
    def test_f1_loss_is_one_minus_f1(self):
        file = File([0, 1, 1, 0], [0] * 4)
        self.assertEqual(worst.harm(file, numpy.array([0, 1, 0, 1], bool), [])[0], 0.5)

    def test_where_nobody_speaks_there_is_no_f1_only_stops(self):
        file = File([0] * 1500, [1] * 1500)  # 30 s
        self.assertEqual(worst.harm(file, numpy.zeros(1500, bool), [3, 700])[0], None)
        self.assertAlmostEqual(worst.harm(file, numpy.zeros(1500, bool), [3, 700])[1], 4)

    def test_a_moment_of_silence_gives_no_rate(self):
        self.assertEqual(worst.harm(File([1] * 100, [1] * 100), numpy.ones(100, bool), [3])[1], None)


class Choice(unittest.TestCase):
    def test_half_by_stops_half_by_f1_worst_first(self):
        harms = [(f"talk{n}", f"noise{n}", n / 10, None) for n in range(1, 6)]
        harms += [(f"cough{n}", f"cough{n}", None, n) for n in range(1, 6)]
        self.assertEqual(worst.choose(harms, 4), [("cough5", "stops"), ("cough4", "stops"), ("talk5", "f1"), ("talk4", "f1")])

    def test_at_most_two_of_a_condition_while_there_is_anything_else(self):
        harms = [(f"babble{n}", "babble", 0.5 + n / 10, None) for n in range(4)] + [("clean", "clean", 0.01, None)]
        names = [name for name, _ in worst.choose(harms, 3)]
        self.assertEqual(names, ["babble3", "babble2", "clean"])
        self.assertEqual(len(worst.choose(harms, 5)), 5)  # then the rest after all

    def test_no_file_twice_and_none_without_a_fault(self):
        harms = [("both", "a", 0.4, 9.0), ("good", "b", 0.0, 0.0), ("quiet", "c", None, 0.0), ("odd", "d", 0.2, None)]
        self.assertEqual(worst.choose(harms, 12), [("both", "stops"), ("odd", "f1")])


if __name__ == "__main__":
    unittest.main()
