"""Scores a folder of CSVs with the corpus' scorer, and adds the curves the page draws."""

import numpy

import curves

RULE = 6  # frames: the 120 ms rule of the table

# Group of the scorer -> column.
GROUPS = {"echo_silent": "echo_silent", "impulse": "impulse", "tones": "tones", "noise_only": "noise_only",
          "talkers_only": "talkers"}


class Unscorable(Exception):
    """Predictions are missing; or the sweep and the scorer count differently, and the page would be wrong."""


def measure(corpus, folder):
    """-> {"figures", "auc_by_group", "roc", "operating", "onsets", "rules", "thresholds"}: plain, ready for JSON."""
    scorer, labels = corpus.scorer, str(corpus.folder / "labels")
    result = scorer.evaluate(labels, str(folder), shift="0")
    if result["missing"]:
        raise Unscorable(f"no predictions for {len(result['missing'])} files, e.g. {result['missing'][0]}")
    decisions, scores = decisions_and_scores(corpus, folder)

    counts = scorer.stats()
    for file, decision, score in zip(corpus.files, decisions, scores):
        scorer.score_file(file.label, decision, score, counts)
    truth, score, decision = (numpy.concatenate(parts) for parts in
                              ([file.truth for file in corpus.files], scores, decisions))
    alarms, hits = curves.roc(truth, score)
    rules = curves.over_rules(decisions, corpus.files)
    figures = table_row(result)
    check(figures, curves.stops(decisions, corpus.files, RULE))
    return {
        "figures": figures,
        "auc_by_group": {group: row["auc"] for group, row in result["by"].items() if row["auc"] is not None},
        # A score of two values has one operating point and no curve.
        "roc": rounded(zip(*curves.thinned(alarms, hits, 80)), 4) if len(alarms) > 3 else [],
        "operating": rounded([((decision & ~truth).sum() / (~truth).sum(), (decision & truth).sum() / truth.sum())], 4)[0],
        "onsets": rounded(curves.distribution(counts["ob"], counts["n_on"]), 4),
        "rules": rounded(rules, 1),
        "thresholds": rounded(curves.over_thresholds(scores, corpus.files, RULE), 4),
    }


def decisions_and_scores(corpus, folder):
    read = [corpus.scorer.read_pred(str(folder / file.name), len(file.truth), 0.5) for file in corpus.files]
    return [decision for decision, _ in read], [score for _, score in read]


def table_row(result):
    """The columns of the table, out of the scorer's answer."""
    overall, by = result["overall"], result["by"]
    of = lambda group, figure: by.get(group, {}).get(figure)  # noqa: E731, a smaller corpus lacks groups
    row = {"auc": overall["auc"], "f1": overall["f1"], "clean_onset_ms": of("clean", "onset_delay_median_ms")}
    for group, column in GROUPS.items():
        row[column] = of(group, "false_bargein_per_h_120")
    row["all"] = overall["false_bargein_per_h_120"]
    row["bi50"] = overall["bargein_delay_median_ms_120"]
    row["cut_calls"] = of("call", "cutoffs_per_100_turns_500")
    row["cut_all"] = overall["cutoffs_per_100_turns_500"]
    return row


def check(figures, swept):
    false, delay, _ = swept
    if abs(false - figures["all"]) > 0.06 or (delay is not None and abs(delay - figures["bi50"]) > 0.06):
        raise Unscorable(f"at 120 ms the scorer counts {figures['all']} false stops an hour and a delay of "
                         f"{figures['bi50']} ms, the sweep {false:.1f} and {delay:.1f}: curves.py must follow the scorer")


def rounded(points, digits):
    return [tuple(None if value is None else round(float(value), digits) for value in point) for point in points]
