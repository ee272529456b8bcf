"""What a single threshold hides: ROC, onset delays as a distribution, and false stops against delay.

Pure: arrays in, lists of points out. Every frame is 20 ms.
"""

import numpy

HOP = 0.02


def roc(truth, score):
    """(false alarms, hits) as shares of frames, for every distinct score from "never" to "always"."""
    order = numpy.argsort(-score, kind="mergesort")
    truth, score = truth[order], score[order]
    last = numpy.flatnonzero(numpy.r_[score[1:] != score[:-1], True])  # ties are decided together
    hits, alarms = numpy.cumsum(truth)[last], numpy.cumsum(~truth)[last]
    return (numpy.r_[0, alarms / max(1, (~truth).sum())], numpy.r_[0, hits / max(1, truth.sum())])


def thinned(x, y, points):
    """At most `points` of a curve, at equal steps along it; the ends stay.

    Equal steps along the curve, not along x: the steep part of a ROC, where operating points lie, keeps its shape.
    """
    x, y = numpy.asarray(x, float), numpy.asarray(y, float)
    if len(x) <= points:
        return x, y
    way = numpy.r_[0, numpy.cumsum(numpy.hypot(numpy.diff(x), numpy.diff(y)))]
    picked = numpy.unique(numpy.searchsorted(way, numpy.linspace(0, way[-1], points)).clip(0, len(x) - 1))
    picked = numpy.unique(numpy.r_[0, picked, len(x) - 1])
    return x[picked], y[picked]


def distribution(delays, count, points=101):
    """(ms, share of all `count` onsets heard by then). Onsets never heard keep the curve below 1."""
    if not len(delays):
        return []
    delays = numpy.sort(numpy.asarray(delays, float))
    picked = numpy.unique(numpy.linspace(0, len(delays) - 1, points).round().astype(int))
    # Many onsets share a delay; a step ends at the last of them.
    share = numpy.searchsorted(delays, delays[picked], side="right") / count
    return [(float(ms), float(part)) for ms, part in zip(delays[picked], share)]


def runs(decision):
    """(first frame, past the last frame) of every stretch of speech."""
    edge = numpy.diff(numpy.r_[0, decision.astype(numpy.int8), 0])
    return numpy.flatnonzero(edge == 1), numpy.flatnonzero(edge == -1)


def firings(decision, rule):
    """Frames at whose end speech has lasted `rule` frames without a break; one for each stretch."""
    first, past = runs(decision)
    return first[past - first >= rule] + rule - 1


def stops(decisions, files, rule):
    """What a rule of `rule` frames does: (false stops an hour, median delay in ms or None, missed turns in %).

    The same definitions as the corpus' scorer; `score.py` compares the two at 120 ms.
    """
    false, seconds, delays, turns = 0, 0.0, [], 0
    for decision, file in zip(decisions, files):
        fired = firings(decision, rule)
        false += int(file.outside[fired].sum())
        seconds += float(file.outside.sum()) * HOP
        turns += len(file.turns)
        first, past = (edge * HOP for edge in runs(decision))
        when = (fired + 1) * HOP
        for start, end in file.turns:
            after = when[(when >= start - 0.1) & (when <= end + 0.3)]
            if ((first < start - 0.1) & (past > start)).any():
                delays.append(0.0)                      # it was on already
            elif len(after):
                delays.append(max(0.0, after[0] - start) * 1000)
    return (false / seconds * 3600 if seconds else 0.0,
            float(numpy.median(delays)) if delays else None,
            100 * (1 - len(delays) / turns) if turns else 0.0)


def over_rules(decisions, files, milliseconds=range(20, 401, 20)):
    """[(rule in ms, false stops an hour, median delay in ms, missed in %)], as far as 10 % of turns are missed."""
    swept = [(ms, *stops(decisions, files, round(ms / 1000 / HOP))) for ms in milliseconds]
    return [point for point in swept if point[3] <= 10]


def thresholds(scores, truths, count=32):
    """Values at which to cut a score: quantiles of what labelled speech gets. Fewer than three: it has no threshold."""
    spoken = numpy.concatenate([score[truth] for score, truth in zip(scores, truths)])
    values = numpy.unique(numpy.quantile(spoken, numpy.linspace(0.003, 0.8, count)))
    return values if len(numpy.unique(spoken)) > 2 else values[:0]


def over_thresholds(scores, files, rule=6):
    """[(threshold, false stops an hour, median delay in ms, missed in %)]: the best that cutting the score can do.

    Left out: more than 10 % of turns missed, and thresholds at which the detector is on for a third of the time in which
    nobody speaks. There one endless stretch counts as one false stop and as no delay at all, which looks perfect.
    """
    swept = []
    for cut in thresholds(scores, [file.truth for file in files]):
        decisions = [score >= cut for score in scores]
        on = numpy.concatenate([decision[file.outside] for decision, file in zip(decisions, files)])
        if len(on) and on.mean() <= 1 / 3:
            swept.append((float(cut), *stops(decisions, files, rule)))
    return front([point for point in swept if point[2] is not None and point[3] <= 10])


def front(points):
    """Of (_, false stops, delay, ...) those that no other point beats in both, quickest first.

    Raising the threshold of a bare score also splits one long false stretch into several short ones; those points say
    more about the missing hysteresis than about the score, and every detector is spared them alike.
    """
    kept = []
    for point in sorted(points, key=lambda point: (point[2], point[1])):
        if not kept or point[1] < kept[-1][1]:
            kept.append(point)
    return kept
