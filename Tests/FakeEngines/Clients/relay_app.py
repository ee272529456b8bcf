"""A dentist's booking line behind the ConversationRelay protocol, written from its public documentation alone.

    relay_app.py [--port N] [--secret S --url wss://...] [--until-eof]

Prints its port, then a JSON line for each call that ends: what was booked. In the url PORT stands for that port. Needs the
package `websockets`.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import re
import sys

from websockets.asyncio.server import serve

REASONS = {
    "check-up": ["check"],
    "cleaning": ["clean"],
    "toothache": ["tooth", "ache", "pain"],
}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
HOURS = {
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "one": 13, "two": 14, "three": 15, "four": 16,
    "five": 17,
}
REASON = "What can I book for you: a check-up, a cleaning, or is it a toothache?"
WHEN = "Which day and what time would suit you? We are open Monday to Friday, from eight to five."
TEXT = "May Bright Smile Dental send you one text message with the details? Please say yes or no."


def reason_in(words):
    for reason, signs in REASONS.items():
        if any(sign in words for sign in signs):
            return reason
    return None


def day_in(words):
    return next((day for day in DAYS if day in words), None)


def hour_in(words):
    digits = re.search(r"\b(\d{1,2})(?::\d\d)?\b", words)
    if digits:
        hour = int(digits.group(1))
        return hour + 12 if hour < 8 else hour
    return next((hour for name, hour in HOURS.items() if name in words.split()), None)


def spoken(hour):
    return f"{hour if hour <= 12 else hour - 12} {'in the morning' if hour < 12 else 'in the afternoon'}"


class Booking:
    """One call. Each answer is streamed as a model would: word by word, the last one marked."""

    def __init__(self, socket, setup):
        self.socket = socket
        self.setup = setup
        self.step = "reason"
        self.reason = self.day = self.hour = self.text = None
        self.speaking = None

    async def send(self, **message):
        await self.socket.send(json.dumps(message))

    def say(self, text, end=None):
        self.stop()
        self.speaking = asyncio.create_task(self.stream(text, end))

    def stop(self):
        if self.speaking and not self.speaking.done():
            self.speaking.cancel()
        self.speaking = None

    async def stream(self, text, end):
        words = re.findall(r"\S+\s*", text)
        for index, word in enumerate(words):
            await self.send(type="text", token=word, last=index == len(words) - 1)
            await asyncio.sleep(0)
        if end is not None:
            await self.send(type="end", handoffData=json.dumps(end))

    def answer(self, words):
        words = words.lower()
        yes = re.search(r"\b(yes|yeah|sure|please|right|correct)\b", words)
        no = re.search(r"\b(no|not|don't|wrong)\b", words)
        if self.step == "reason":
            self.reason = reason_in(words)
            if self.reason is None:
                return self.say("You can say check-up, cleaning or toothache. " + REASON)
            self.step = "when"
            return self.say(f"A {self.reason}. " + WHEN)
        if self.step == "when":
            self.day = day_in(words) or self.day
            self.hour = hour_in(words) or self.hour
            if self.day is None or self.hour is None:
                return self.say(f"And what {'day' if self.day is None else 'time'}, please?")
            self.step = "right"
            return self.say(
                f"That is a {self.reason} on {self.day.capitalize()} at {spoken(self.hour)}. Is that right?")
        if self.step == "right":
            if no:
                self.step, self.day, self.hour = "when", None, None
                return self.say("Then once more. " + WHEN)
            if yes:
                self.step = "text"
                return self.say(TEXT)
            return self.say("Is that right? Please say yes or no.")
        if self.step == "text":
            if not yes and not no:
                return self.say("Please say yes or no.")
            self.text = bool(yes) and not no
            self.step = "over"
            tail = "Your confirmation is on its way by text." if self.text else "All right, no text."
            return self.say(f"Thank you. {tail} Goodbye.", end=self.booked())

    def key(self, digit):
        if self.step == "reason" and digit in "123":
            return self.answer(["check-up", "cleaning", "toothache"][int(digit) - 1])
        if self.step in ("right", "text") and digit in "12":
            return self.answer("yes" if digit == "1" else "no")

    def booked(self):
        return {"reason": self.reason, "day": self.day, "hour": self.hour, "text": self.text}


async def call(socket):
    booking = None
    async for raw in socket:
        message = json.loads(raw)
        kind = message["type"]
        if kind == "setup":
            booking = Booking(socket, message)
            booking.say("Thank you for calling Bright Smile Dental. " + REASON)
        elif kind == "prompt":
            if message["last"]:
                booking.answer(message["voicePrompt"])
        elif kind == "dtmf":
            booking.key(message["digit"])
        elif kind == "interrupt":
            booking.stop()
        elif kind == "error":
            print(json.dumps({"error": message["description"]}), flush=True)
    if booking:
        booking.stop()
        print(json.dumps({"call": booking.setup["callSid"], **booking.booked()}), flush=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--secret", help="refuse handshakes that are not signed with it")
    parser.add_argument("--url", help="as the platform has it: what is signed")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    arguments = parser.parse_args()

    def signed(connection, request):
        if not arguments.secret:
            return None
        url = (arguments.url or "").replace("PORT", str(connection.local_address[1]))
        code = hmac.new(arguments.secret.encode(), url.encode(), hashlib.sha1).digest()
        claimed = request.headers.get("X-Twilio-Signature", "")
        if hmac.compare_digest(claimed, base64.b64encode(code).decode()):
            return None
        return connection.respond(403, "not signed\n")

    async with serve(call, "127.0.0.1", arguments.port, process_request=signed) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        if arguments.until_eof:
            await asyncio.to_thread(sys.stdin.read)
        else:
            await asyncio.get_running_loop().create_future()


asyncio.run(main())
