import json
import pathlib
import unittest

import bounds
import detect
import table

HERE = pathlib.Path(__file__).parent


class Bounds(unittest.TestCase):
    def judge(self, bound, value):
        return bounds.judged({"speech": {"f1": bound}}, {"speech": {"f1": value}})[0].word

    def test_a_bound_includes_its_limit(self):
        self.assertEqual(self.judge({"at_least": 0.89}, 0.89), "pass")
        self.assertEqual(self.judge({"at_least": 0.89}, 0.8899), "FAIL")
        self.assertEqual(self.judge({"at_most": 0}, 0), "pass")
        self.assertEqual(self.judge({"at_most": 0}, 0.1), "FAIL")

    def test_a_figure_that_cannot_be_had_fails_a_run_that_was_not_made_does_not(self):
        self.assertEqual(self.judge({"at_most": 5}, None), "FAIL")
        self.assertEqual(bounds.judged({"second_speech": {"f1": {"at_least": 1}}}, {})[0].word, "not run")

    def test_a_bound_nobody_understands_is_refused(self):
        with self.assertRaises(ValueError):
            self.judge({"below": 5}, 3)

    def test_every_bound_is_about_a_run_and_a_column_that_exist(self):
        runs = {run.id for run in detect.RUNS + detect.SECOND_OPINION}
        columns = {key for key, *_ in table.COLUMNS}
        for run, figures in bounds.load(HERE / "bounds.json").items():
            self.assertIn(run, runs)
            self.assertLessEqual(set(figures), columns)

    def test_the_stored_detectors_have_every_column(self):
        columns = {key for key, *_ in table.COLUMNS} - {"us"}
        for name, detector in json.loads((HERE / "anchors.json").read_text())["detectors"].items():
            self.assertEqual(set(detector["figures"]), columns, name)


class Said(unittest.TestCase):
    def test_the_cost_is_read_from_the_last_line(self):
        self.assertEqual(detect.microseconds("mean 9 us\nmean 1.9 us, worst file p99 4.2 us over 149000 frames\n"), 1.9)
        self.assertEqual(detect.microseconds("mean 2 µs, over 3 frames"), 2)

    def test_a_command_that_does_not_say_has_no_cost(self):
        self.assertIsNone(detect.microseconds(""))
        self.assertIsNone(detect.microseconds("mean 1.9 us\ndone"))

    def test_the_table_rounds_halves_up_and_keeps_zero_bare(self):
        self.assertEqual([table.shown(value, 0) for value in (74.5, 0.0, 0.4, None)], ["75", "0", "0", "-"])
        self.assertEqual(table.shown(0.9766, 3), "0.977")


if __name__ == "__main__":
    unittest.main()
