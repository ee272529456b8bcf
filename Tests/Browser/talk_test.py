#!/usr/bin/env python3
"""Holds calls on /talk in headless Chromium and checks what a person would see there.

    Tests/Browser/talk_test.py [--binary .build/release/parley] [--fixture DIR] [--screenshot docs/talk.png] [NAME...]

Starts a gateway of its own on a free port with an empty ledger. The microphone is a WAV: the caller's side of the
booking fixture as `parley call` played it, with longer pauses. Needs scripts/system-packages.sh browser.
Exit 0: all passed, or the engines are not installed (it says so); 1 otherwise.
"""

import argparse
import array
import contextlib
import datetime
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A page may be later than the recorded call by this much at every turn, and is still not talked over.
SLACK_SECONDS = 2.5
CALL_SECONDS = 110
WHOLE_RUN_SECONDS = 480


class Failure(Exception):
    pass


def expect(holds, what):
    if not holds:
        raise Failure(what)


# The gateway


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    def __init__(self, binary, folder):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "gateway.log"
        self.process = subprocess.Popen(
            [binary, "serve", "--port", str(self.port), "--ledger", folder / "ledger.sqlite"],
            stdout=self.log.open("w"), stderr=subprocess.STDOUT, cwd=ROOT,
            env={"PARLEY_ENGINES": str(ROOT / "engines"), **os.environ})

    def wait_until_ready(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure(f"the gateway ended at once:\n{self.log.read_text()}")
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"{self.address}/health/ready", timeout=2) as answer:
                    if answer.status == 200 and self.has_its_voice():
                        return
            time.sleep(0.2)
        raise Failure(f"the gateway was not ready within 60 s:\n{self.log.read_text()}")

    def has_its_voice(self):
        """The better voice loads behind the first; a call's pauses depend on which one speaks."""
        log = self.log.read_text()
        return "joe: loading" not in log or "joe: from" in log

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


# The microphone


def record_caller(binary, fixture, gateway, folder):
    """The caller's side of the fixture as it was really said: the left channel of `parley call`'s recording."""
    path = folder / "recorded.wav"
    address = f"ws://127.0.0.1:{gateway.port}/media/native"
    played = subprocess.run(
        [binary, "call", address, "--fixture", fixture, "--provider", "native", "--codec", "linear16",
         "--record", path],
        capture_output=True, text=True, timeout=CALL_SECONDS, cwd=ROOT)
    expect(played.returncode == 0, f"parley call failed:\n{played.stdout}{played.stderr}")
    with wave.open(str(path)) as recording:
        rate = recording.getframerate()
        samples = array.array("h", recording.readframes(recording.getnframes()))
    return rate, samples[0::2]


def utterances(rate, samples):
    """Where somebody speaks, as (first, past the last) samples."""
    frame, found = rate // 50, []
    for start in range(0, len(samples) - frame, frame):
        if max(abs(sample) for sample in samples[start:start + frame]) < 200:
            continue
        if found and start - found[-1][1] < rate * 0.4:
            found[-1][1] = start + frame
        else:
            found.append([start, start + frame])
    return found


def stretch(rate, samples, slack):
    """The same timeline, with a longer pause in front of each utterance."""
    stretched, copied = array.array("h"), 0
    for first, _ in utterances(rate, samples):
        stretched.extend(samples[copied:first])
        stretched.extend(array.array("h", bytes(2 * int(rate * slack))))
        copied = first
    stretched.extend(samples[copied:])
    stretched.extend(array.array("h", bytes(2 * rate * 5)))
    return stretched


def write_wav(path, rate, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


# The browser


class Page:
    def __init__(self, address, microphone, allowed=True):
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        arguments = [
            "--headless=new", "--window-size=1360,1090", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={microphone}%noloop",
            "--use-fake-ui-for-media-stream" if allowed else "--deny-permission-prompts",
            "--no-first-run", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en-GB",
            # A page that nobody looks at is slowed down otherwise.
            "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        for argument in arguments:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(15)
        self.driver.get(f"{address}/talk")

    def close(self):
        self.driver.quit()

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def texts(self, selector):
        return self.driver.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map(found => found.textContent)", selector)

    def data(self, selector="body"):
        return self.driver.execute_script("return {...document.querySelector(arguments[0]).dataset}", selector)

    def slots(self):
        return self.driver.execute_script(
            "return Object.fromEntries([...document.querySelectorAll('#settled > div')]"
            ".map(row => [row.dataset.name, row.dataset.value]))")

    def choose(self, codec):
        from selenium.webdriver.support.ui import Select

        Select(self.one("#codec")).select_by_value(codec)

    def click(self, selector):
        self.one(selector).click()

    def wait(self, what, holds, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds():
                return
            time.sleep(0.1)
        raise Failure(f"after {seconds} s still not: {what}\n{self.summary()}")

    def wait_for_state(self, state, seconds):
        self.wait(f"state {state}", lambda: self.data().get("state") == state, seconds)

    def complaints(self):
        """What the browser logged: a script's error, a policy's refusal. A gateway that does not answer is neither."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING") and "/health/ready" not in entry["message"]
                and "/media/native" not in entry["message"]]

    def summary(self):
        lines = [f"body {self.data()}", f"slots {self.slots()}", f"floor: {self.one('#holder').text}",
                 f"trouble: {self.one('#trouble').text}"]
        lines += [f"  {text}" for text in self.texts("#turns > li")]
        return "\n".join(lines)


# What is tested


class Run:
    def __init__(self, arguments, folder):
        self.binary = arguments.binary
        self.fixture = arguments.fixture
        self.screenshot = arguments.screenshot
        self.folder = folder
        self.gateway = Gateway(self.binary, folder)
        self.silence = write_wav(folder / "silence.wav", 16_000, array.array("h", bytes(2 * 16_000)))
        self.caller = None

    def microphone(self):
        """Made once, for both codecs."""
        if self.caller is None:
            rate, samples = record_caller(self.binary, self.fixture, self.gateway, self.folder)
            found, said = len(utterances(rate, samples)), (self.fixture / "call.yaml").read_text().count("- wav:")
            expect(found == said, f"the recording holds {found} utterances, the fixture {said}")
            self.caller = write_wav(self.folder / "caller.wav", rate, stretch(rate, samples, SLACK_SECONDS))
        return self.caller

    @contextlib.contextmanager
    def page(self, microphone, **options):
        page = Page(self.gateway.address, microphone, **options)
        try:
            yield page
        finally:
            page.close()

    def books_in_opus(self):
        self.books("opus", self.screenshot)

    def books_in_linear16(self):
        self.books("linear16", None)

    def books(self, codec, screenshot):
        wanted = (self.fixture / "call.yaml").read_text()
        with self.page(self.microphone()) as page:
            page.choose(codec)
            # A caller of its own: one who has booked before is known.
            page.one("#from").clear()
            page.one("#from").send_keys({"opus": "+12125550142", "linear16": "+12125550143"}[codec])
            page.click("#toggle")
            page.wait_for_state("live", 20)
            if screenshot:
                # The agent says goodbye, and all that the call came to is on the page.
                page.wait("a text message", lambda: page.all("#messages .sms"), CALL_SECONDS)
                page.wait("the agent talking", lambda: page.data("#floor").get("floor") == "agent", 10)
                time.sleep(2)
                page.driver.save_screenshot(str(screenshot))
            page.wait_for_state("ended", CALL_SECONDS)
            data, slots = page.data(), page.slots()
            print(page.summary())
            expect(data["codec"] == codec, f"the codec was {data['codec']}")
            expect(data["end"] == "agent_ended", f"the call ended as {data['end']!r}")
            reason = re.search(r"^    reason: (\w+)", wanted, re.M)[1]
            expect(slots.get("reason") == reason, f"reason is {slots.get('reason')!r}, not {reason!r}")
            when = datetime.datetime.fromisoformat(slots.get("when", "1970-01-01T00:00"))
            weekday = re.search(r"^    weekday\(when\): (\w+)", wanted, re.M)[1]
            expect(when.strftime("%A").lower() == weekday, f"the day is {when:%A}, not {weekday}")
            at = re.search(r'^    time\(when\): "([\d:]+)"', wanted, re.M)[1]
            expect(when.strftime("%H:%M") == at, f"the time is {when:%H:%M}, not {at}")
            granted = [box.get_attribute("data-granted") for box in page.all("#messages .consent")]
            expect(granted == ["yes"], f"consent: {granted}")
            messages = page.texts("#messages .sms")
            expect(len(messages) == 1, f"{len(messages)} text messages: {messages}")
            expect("Bright Smile Dental" in messages[0] and "STOP" in messages[0], f"the text reads {messages[0]!r}")
            audible = int(data["agentAudibleMs"])
            expect(audible > 15_000, f"the agent was audible for {audible} ms only")
            expect(float(data["agentPeak"]) > 0.05, f"the agent's peak was {data['agentPeak']} of full scale")
            expect(int(data["marksReturned"]) > 50, f"{data['marksReturned']} marks were returned")
            expect(data["dropped"] == "0", f"{data['dropped']} packets were dropped")
            heard = page.texts("#turns .agent .said")
            expect(len(heard) == 5, f"the agent's turns: {heard}")
            expect("on its way by text" in heard[-1], f"the agent's last words: {heard[-1]!r}")
            expect(not page.all("#turns del"), "something was cut in a call without an interruption")
            expect(len(page.texts("#turns .caller .said")) == 4, "the caller's turns are not four")
            expect(len(page.all("#answers .answer")) == 4, "there are not four bars")
            expect(page.complaints() == [], f"the browser complains: {page.complaints()}")

    def keys_and_hanging_up(self):
        with self.page(self.silence) as page:
            page.click("#toggle")
            page.wait_for_state("live", 20)
            page.wait("the agent talking", lambda: page.data("#floor").get("floor") == "agent", 15)
            page.wait("the question", lambda: page.texts("#turns .agent"), 30)
            page.one("body").send_keys("2")
            page.wait("reason = cleaning", lambda: page.slots().get("reason") == "cleaning", 15)
            page.wait("the key in the conversation", lambda: page.texts("#turns .caller .key") == ["2"], 5)
            page.wait("the agent talking again", lambda: page.data("#floor").get("floor") == "agent", 15)
            page.click("#toggle")
            page.wait_for_state("ended", 10)
            expect(page.data()["end"] == "caller_hung_up", f"the call ended as {page.data()['end']!r}")
            expect(page.one("#outcome").text == "You hung up.", f"it says {page.one('#outcome').text!r}")
            page.click("#toggle")
            page.wait_for_state("live", 20)
            expect(page.texts("#turns > li") == [], "the call before is still shown")
            expect(page.complaints() == [], f"the browser complains: {page.complaints()}")

    def no_microphone(self):
        with self.page(self.silence, allowed=False) as page:
            page.click("#toggle")
            page.wait("words about the microphone", lambda: "not allowed" in page.one("#trouble").text, 15)
            expect(page.data()["state"] == "idle", "the call is not over")

    def wrong_number(self):
        with self.page(self.silence) as page:
            page.one("#from").clear()
            page.one("#from").send_keys("<b>me</b>")
            page.click("#toggle")
            page.wait("words about the number", lambda: "should be digits" in page.one("#trouble").text, 5)
            expect(page.data()["state"] == "idle", "a call was made")

    def no_gateway(self):
        """The last: it stops the gateway."""
        with self.page(self.silence) as page:
            page.wait("ready", lambda: page.data("#gateway").get("ready") == "yes", 10)
            self.gateway.stop()
            page.click("#toggle")
            page.wait("words about the gateway", lambda: "cannot be reached" in page.one("#trouble").text, 15)
            expect(page.data()["state"] == "idle", "the call is not over")

    def tests(self):
        return [self.books_in_opus, self.books_in_linear16, self.keys_and_hanging_up, self.no_microphone,
                self.wrong_number, self.no_gateway]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build" / "release" / "parley")
    parser.add_argument("--fixture", type=pathlib.Path, default=ROOT / "Fixtures" / "books-a-cleaning",
                        help="another booking that ends with one text message")
    parser.add_argument("--screenshot", type=pathlib.Path, help="where to keep a picture of the page in a call")
    parser.add_argument("name", nargs="*", help="only these tests")
    arguments = parser.parse_args()

    engines = pathlib.Path(os.environ.get("PARLEY_ENGINES", ROOT / "engines"))
    if not (engines / "moonshine").is_dir():
        print(f"SKIPPED: no engines in {engines}, so nobody would understand the caller (make engines gets them)")
        print("0 passed, 0 failed")
        return 0
    if not arguments.binary.exists():
        print(f"{arguments.binary} is missing: make build", file=sys.stderr)
        return 1
    try:
        import selenium  # noqa: F401
    except ImportError:
        # The package belongs to the system's Python, which need not be the first on the PATH.
        system = "/usr/bin/python3"
        if os.path.exists(system) and os.path.realpath(sys.executable) != os.path.realpath(system):
            os.execv(system, [system, *sys.argv])
        print("python3-selenium is missing: scripts/system-packages.sh browser", file=sys.stderr)
        return 1

    def out_of_time(*_):
        raise Failure(f"the whole run took more than {WHOLE_RUN_SECONDS} s")

    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(WHOLE_RUN_SECONDS)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="parley-talk-") as name:
        run = Run(arguments, pathlib.Path(name))
        try:
            run.gateway.wait_until_ready()
            for test in run.tests():
                title = test.__name__
                if arguments.name and title not in arguments.name:
                    continue
                began = time.monotonic()
                try:
                    test()
                    passed += 1
                    print(f"passed  {title}  {time.monotonic() - began:.1f} s", flush=True)
                except Exception as error:  # a driver's error is a failed test, and the others still run
                    failed += 1
                    print(f"FAILED  {title}: {error if isinstance(error, Failure) else repr(error)}", flush=True)
        except Failure as failure:
            failed += 1
            print(f"FAILED  {failure}")
        finally:
            signal.alarm(0)
            run.gateway.stop()
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
