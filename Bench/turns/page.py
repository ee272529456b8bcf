"""The page: one HTML file with everything in it, drawn from what `score.py` measured."""

import html
import pathlib

import curves
import plots
import score
import table
import timeline
import worst
from plots import Axis, Series

HERE = pathlib.Path(__file__).parent
IN_SAMPLE = ("Parley's detector was fitted on this very split and the others were not: read its rows as a guard against "
             "regressions, not as what a stranger's line will show.")
# A family has one colour in every chart. Rows of the table without a family are not drawn.
FAMILIES = {"parley": "Parley", "second": "Parley + second opinion", "bare": "Parley, no reference",
            "silero": "Silero VAD", "gated": "Silero, echo-gated", "webrtc": "WebRTC VAD 3",
            "ten": "TEN VAD", "energy": "Energy"}
FAMILY = {"speech": "parley", "confirmed": "parley", "second_speech": "second", "second_confirmed": "second",
          "no_reference": "bare", "silero": "silero", "silero_gate": "gated", "webrtc3": "webrtc", "ten": "ten",
          "energy_ref": "energy"}
CONFIRMED = ("confirmed", "second_confirmed")  # decisions over the same score as the row before them
STRIPS = {"speech": ("speech", "parley"), "confirmed": ("confirmed", "parley"),
          "second_speech": ("2nd, speech", "second"), "second_confirmed": ("2nd, conf.", "second")}
DELAY = Axis("median delay from a turn’s start, ms", (0, 100, 200, 300, 400, 500), 0, 500)
FALSE_STOPS = Axis("false barge-ins per hour", (0, 10, 30, 100, 300, 1000, 3000), 0, 5000, logarithmic=True)


def render(corpus, ours, others, verdicts, left_out, csv, count):
    """- Parameter csv: the folder with a folder of our CSVs for each run. count: how many of the worst files to draw."""
    detectors = {**others["detectors"], **ours}
    drawn = {name: detectors[name] for name in reversed(FAMILY) if name in detectors}  # ours last: on top
    body = "\n".join((
        head(corpus), tiles(detectors), trust(), "<main>", results(ours, others, left_out), bounds(verdicts),
        f'<section class="charts"><h2>What one number hides</h2>{legend(drawn)}<div class="grid-of-charts">'
        + "".join(charts(drawn)) + "</div></section>",
        pictures(corpus, ours, csv, count), "</main>", foot(corpus, others)))
    return (f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
            f"<title>Parley: who is speaking, and when to stop</title>\n<style>\n{(HERE / 'page.css').read_text()}</style>\n</head>\n"
            f"<body>\n{body}\n<script>\n{(HERE / 'page.js').read_text()}</script>\n</body>\n</html>\n")


def head(corpus):
    seconds = sum(file.label["duration"] for file in corpus.files)
    turns = sum(len(file.turns) for file in corpus.files)
    return ("<header><h1>Who is speaking, and when to stop</h1><p>Parley’s voice-activity and barge-in decisions on telephone "
            f"audio, beside other detectors. {len(corpus.files)} files, {seconds / 60:.0f} minutes, {turns} turns, 8 kHz μ-law: "
            "clean speech, noise, other talkers, coughs and clicks, tones, and the agent’s own echo.</p></header>")


def tiles(detectors):
    """The five questions a caller would ask; where another detector is better, its figure stands right there."""
    def tile(question, run, key, unit, digits, note):
        say = lambda name: table.shown(figures(detectors[name]).get(key), digits) if name in detectors else "-"  # noqa: E731
        others = "".join(f'<span>{title} <b>{say(name)}</b></span>' for name, title in (("silero", "Silero"), ("webrtc3", "WebRTC")))
        return (f'<div class="card tile"><h3>{question}</h3><p class="big">{say(run)}<small> {unit}</small></p>'
                f'<p class="versus">{others}</p><p class="soft">{note}</p></div>')

    late = lambda name: table.shown(detectors[name]["figures"]["bi50"], 0)  # noqa: E731
    return ('<section class="tiles">'
            + tile("Stopped by its own echo", "confirmed", "echo_silent", "per hour", 0, "agent speaks, caller silent")
            + tile("Stopped for nothing", "confirmed", "all", "per hour", 0, f"all conditions; decided {late('confirmed')} ms into a turn, Silero {late('silero')}")
            + tile("Hears a caller begin", "speech", "clean_onset_ms", "ms", 0, "median, clean speech")
            + tile("Callers cut off", "speech", "cut_calls", "per 100 turns", 1, "whole calls, 500 ms of silence")
            + tile("Costs", "speech", "us", "µs per 20 ms", 1, "one core") + "</section>")


def trust():
    return (f'<aside class="card"><b>How far to trust this.</b> {IN_SAMPLE.replace(chr(39), "’")} On speakers, noises and agent '
            "voices it has not met, expect worse figures. Parley and “Silero, echo-gated” know what the agent is saying and discount "
            "its echo; the others do not: the fair comparison for them is “no reference”. Non-speech is over-represented on "
            "purpose, so rates per hour are stress rates. Differences of 0.01 in F1 are within the noise of the labels. "
            "Pipecat and LiveKit Agents ship Silero for voice activity; the start and stop times and the turn models they put on top are "
            "not measured here.</aside>")


def figures(detector):
    return {**detector["figures"], "us": detector["us"]}


def results(ours, others, left_out):
    def rows(detectors, kind):
        return "".join(f'<tr class="{kind} {FAMILY.get(name, "")}"><th scope="row"><i></i>{html.escape(detector["title"])}</th>'
                       + "".join(f"<td>{table.shown(figures(detector).get(key), digits)}</td>" for key, _, digits in table.COLUMNS)
                       + "</tr>" for name, detector in detectors.items())

    absent = "".join(f"<p class='soft'>Left out: {html.escape(name)}: {html.escape(why)}</p>"
                     for name, why in {**left_out, **others["left_out"]}.items())
    return ('<section class="card"><h2>All detectors</h2><div class="scroll"><table><thead>'
            '<tr class="over"><th></th><td colspan="2">frames</td><td>onset</td><td colspan="6">false barge-ins per hour, 120 ms rule</td>'
            '<td>barge-in</td><td colspan="2">cut-offs / 100</td><td>cost</td></tr>'
            '<tr><th>detector</th><td>AUC</td><td>F1</td><td>clean<br>ms</td><td>echo</td><td>impulse</td><td>tones</td><td>noise</td>'
            "<td>talkers</td><td>all</td><td>median<br>ms</td><td>calls</td><td>all</td><td>µs per<br>frame</td></tr></thead>"
            f'<tbody>{rows(ours, "ours")}</tbody><tbody>{rows(others["detectors"], "theirs")}</tbody></table></div>{absent}'
            "<p class='soft'>Speech: the quick output. Confirmed: the output that stops the agent. Onset: median delay from a clean "
            "labelled onset. Barge-in: median delay from a turn’s start until the 120 ms rule fires. Cut-offs: turns declared over "
            "before they are, after 500 ms of silence; “all” has a probe whose pauses were lengthened on purpose. Talkers: other "
            "people’s speech. A detector that never lets go counts as one false stop, "
            "which flatters it. The others’ cost was measured with their Python wrappers.</p></section>")


def bounds(verdicts):
    names = {"auc": "AUC", "f1": "F1", "clean_onset_ms": "onset, ms", "bi50": "barge-in, ms", "cut_calls": "cut-offs, calls",
             "cut_all": "cut-offs, all", "all": "false stops", "echo_silent": "stops on echo", "impulse": "stops on coughs, clicks",
             "tones": "stops on tones"}
    items = "".join(f'<li class="{verdict.word.replace(" ", "-").lower()}"><b>{verdict.word}</b><span>{verdict.run.replace("_", " ").replace("second", "2nd opinion")}: '
                    f'{names.get(verdict.figure, verdict.figure)}</span><span class="value">{"-" if verdict.value is None else f"{verdict.value:g}"}</span>'
                    f'<span class="soft">{verdict.bound}</span></li>' for verdict in verdicts)
    return f'<section class="card"><h2>Bounds this build must hold</h2><ul class="bounds">{items}</ul></section>'


def legend(drawn):
    present = {FAMILY[name] for name in drawn}
    return '<div class="legend">' + "".join(
        f'<button type="button" class="{family}" data-family="{family}" aria-pressed="true"><i></i>{title}</button>'
        for family, title in FAMILIES.items() if family in present) + "</div>"


def charts(drawn):
    scored = {name: detector for name, detector in drawn.items() if name not in CONFIRMED}
    title = lambda name: FAMILIES[FAMILY[name]] if name in scored else drawn[name]["title"].replace("+ ", "Parley + ")  # noqa: E731

    yield card("Frames: hits against false alarms", "ROC over all frames; a dot is the detector’s own decision. Up and left is better.", plots.chart(
        "ROC", Axis("frames without speech called speech, %", (0, 10, 20, 30, 40, 50), 0, 50, "%"),
        Axis("frames of speech heard, %", (60, 70, 80, 90, 100), 60, 100, "%"), [
            Series(FAMILY[name], title(name), tuple(percent(*point) for point in detector["roc"]), (percent(*detector["operating"]),))
            for name, detector in scored.items()]))

    yield card("How soon a caller is heard", "Share of speech onsets heard within a time, all conditions; 0 ms: it was on already. A curve that stays below 100 % missed the rest.", plots.chart(
        "Distribution of onset delays", Axis("delay from the labelled onset, ms", (0, 100, 200, 300, 400, 500), 0, 500),
        Axis("onsets heard, %", (0, 20, 40, 60, 80, 100), 0, 100, "%"), [
            Series(FAMILY[name], drawn[name]["title"].replace("+ ", "Parley + "), tuple((ms, 100 * share, f"{100 * share:.0f} % within {ms:.0f} ms")
                   for ms, share in detector["onsets"]), kind="dashed" if name in CONFIRMED else "")
            for name, detector in drawn.items()]))

    yield card("Longer confirmation, fewer false stops", "Each line: the rule grows from 20 to 400 ms of unbroken speech; the mark is 120 ms. Dashed, with a diamond: Parley’s confirmed output.", plots.chart(
        "False stops against delay, by rule length", DELAY, FALSE_STOPS, [
            Series(FAMILY[name], drawn[name]["title"].replace("+ ", "Parley + "), swept(detector["rules"], "rule of {:g} ms"),
                   tuple(point for point, rule in zip(swept(detector["rules"], "rule of {:g} ms"), detector["rules"]) if rule[0] == 120),
                   **look(name)) for name, detector in drawn.items()]))

    yield card("A higher threshold, fewer false stops", "Each line: the best that cutting the bare score can do, under the 120 ms rule, with at most 10 % of turns missed. Marks: the shipped decisions, which add hysteresis.", plots.chart(
        "False stops against delay, by threshold", DELAY, FALSE_STOPS, [
            Series(FAMILY[name], drawn[name]["title"].replace("+ ", "Parley + "),
                   swept(detector["thresholds"], "score from {:.3g}") if name in scored else (),
                   ((detector["figures"]["bi50"], detector["figures"]["all"], f"as shipped: {detector['figures']['all']:.0f} an hour, {detector['figures']['bi50']:.0f} ms"),),
                   **look(name)) for name, detector in drawn.items()]))

    groups = [group for group in ("call", "clean", "noise>=10dB", "noise<=5dB", "echo_bargein", "turn_pause", "hand")
              if any(group in detector["auc_by_group"] for detector in scored.values())]
    called = {"call": "calls", "noise>=10dB": "noise ≥ 10 dB", "noise<=5dB": "noise ≤ 5 dB", "echo_bargein": "over echo",
              "turn_pause": "long pauses", "hand": "meetings"}
    yield card("Where frames are told apart", "AUC by condition. Meetings have coarse labels of several talkers.", plots.dots(
        "AUC by condition", Axis("AUC", (0.5, 0.6, 0.7, 0.8, 0.9, 1.0), 0.5, 1.0), [called.get(group, group) for group in groups],
        {called.get(group, group): [(FAMILY[name], title(name), detector["auc_by_group"].get(group)) for name, detector in scored.items()]
         for group in groups}))

    kinds = {"echo_silent": "agent echo", "impulse": "coughs, clicks", "tones": "tones", "noise_only": "street, office",
             "talkers": "other talkers", "all": "everything"}
    stopping = {name: detector for name, detector in drawn.items() if name not in ("speech", "second_speech")}
    yield card("What stops the agent for nothing", "False barge-ins per hour under the 120 ms rule, by what is on the line. Parley’s confirmed output; “no reference” is its speech output.", plots.dots(
        "False barge-ins by condition", FALSE_STOPS, list(kinds.values()),
        {row: [(FAMILY[name], drawn[name]["title"].replace("+ ", "Parley + "), detector["figures"][key]) for name, detector in stopping.items()]
         for key, row in kinds.items()}))


def card(title, note, drawing):
    return f'<figure class="card"><figcaption><h3>{title}</h3><p class="soft">{note}</p></figcaption>{drawing}</figure>'


def percent(alarms, hits):
    return (100 * alarms, 100 * hits, f"{100 * hits:.0f} % heard, {100 * alarms:.1f} % false")


def swept(points, says):
    return tuple((delay, false, f"{says.format(value)}\n{false:.0f} an hour, {delay:.0f} ms, {missed:.1f} % of turns missed")
                 for value, false, delay, missed in points)


def look(name):
    return {"shape": "diamond", "kind": "dashed"} if name in CONFIRMED else {}


def pictures(corpus, ours, csv, count):
    """One whole call, then the files where the quick output does worst, with every decision we have on them."""
    read = {run: score.decisions_and_scores(corpus, csv / run) for run in ours if run != "no_reference"}
    fired = {run: [curves.firings(decision, score.RULE) for decision in decisions] for run, (decisions, _) in read.items()}
    harms = [(file.name, file.label["condition"], *worst.harm(file, decision, frames))
             for file, decision, frames in zip(corpus.files, read["speech"][0], fired["speech"])]
    index_of = {row[0]: index for index, row in enumerate(harms)}

    def picture(name, why=""):
        index = index_of[name]
        file, (_, _, loss, rate) = corpus.files[index], harms[index]
        stops = {run: int(file.outside[fired[run][index]].sum()) for run in read}
        said = ([] if loss is None else [f"F1 {1 - loss:.2f}"])
        said.append(f"{counted(stops['speech'])} in {file.seconds_outside:.0f} s without speech"
                    + (f" ({rate:.0f} a minute), {stops['confirmed'] or 'none'} when confirmed" if stops["speech"] and rate else ""))
        caller, agent = corpus.audio(file)
        strips = [(*STRIPS[run], read[run][0][index]) for run in STRIPS if run in read]
        drawing = timeline.draw(file, caller, agent, read["speech"][1][index], strips)
        reason = {"stops": '<b class="stops">worst by false stops</b> ', "f1": "<b>worst by F1</b> "}.get(why, "")
        return (f'<figure class="card file"><figcaption><h3>{html.escape(name)}<span>{html.escape(words(file))}</span></h3>'
                f'<p class="soft">{reason}{" · ".join(said)}</p></figcaption><div class="scroll">{drawing}</div></figure>')

    key = "".join(f'<span class="key"><i class="k-{kind}"></i>{text}</span>' for kind, text in (
        ("spoken", "labelled speech"), ("event", "cough, click or breath"), ("score", "score"), ("said", "decided: speech"),
        ("false", "false stop")))
    calls = sorted((row for row in harms if row[1] == "call" and "reference" in corpus.files[index_of[row[0]]].label),
                   key=lambda row: row[2])
    call = ("<h2>A call, with the agent’s echo on the line</h2><p class='soft'>The middle one by F1 of the calls with echo.</p>"
            f"<p class='soft keys'>{key}</p>" + picture(calls[len(calls) // 2][0])) if calls else ""
    return (f'<section class="files">{call}</section><section class="files"><h2>The worst of it</h2><p class="soft">Half are the '
            "files with most false stops a minute, half those with the lowest F1, at most two of a condition, judged by Parley’s "
            "speech output. One endless false stretch counts as one stop: look at the strips, not only at the count.</p>"
            f'<p class="soft keys">{key}</p>' + "".join(picture(*row) for row in worst.choose(harms, count)) + "</section>")


def counted(stops):
    return {0: "no false stop", 1: "1 false stop"}.get(stops, f"{stops} false stops")


def words(file):
    label = file.label
    parts = [label["condition"].replace("_", " ")]
    if "snr_db" in label:
        parts.append(f"{label['snr_db']:g} dB SNR")
    if "echo_db" in label:
        parts.append(f"echo at {label['echo_db']:g} dB")
    return " · ".join([*parts, label.get("channel", "")]).rstrip(" ·")


def foot(corpus, others):
    versions = ", ".join(f"{name} {version}" for name, version in others["made_with"]["versions"].items())
    return (f"<footer>Corpus and scorer {corpus.fingerprint()}. A frame is 20 ms and is judged by the newest decision available at "
            f"its end, so latency counts against a detector. Other detectors: {html.escape(versions)}.</footer>")
