#!/usr/bin/env python3
"""Webhooks signed and judged by the vendors' own packages, one JSON object a line.

    PYTHON scripts/provider_signatures.py [--count 200] [--seed 1]

Each line: provider ("twilio", "telnyx"), what, url, headers (a list of [name, value]), body (base64), key (the auth token,
or the public key), now (seconds since 1970) and valid. `valid` is the verdict of the vendor's package; it is also false
where a tampered signature only has another spelling in base64, which Parley does not take. PYTHON needs what
provider_signatures.requirements.txt names: scripts/provider-python.sh makes it.
"""

import argparse
import base64
import json
import random
import time
import urllib.parse

import nacl.signing
from telnyx.lib.webhook_verification import WebhookVerificationError, verify_webhook_signature
from twilio.request_validator import RequestValidator, get_signature_algorithm

TWILIO_HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
SIGNATURE_HEADER = "Telnyx-Signature-Ed25519"
TIME_HEADER = "Telnyx-Timestamp"
WORDS = ["STOP", "", " ", "Zürich", "да", "日本語", "👍🏽", "e\u0301", "é", "a&b=c", "100 %", "a+b", "\r\n", "%2B", '"{}"', "~*'()!"]
NAMES = ["Body", "body", "MessageSid", "MessageStatus", "From", "To", "ErrorCode", "Ärger", "a b", "MediaUrl0", "z", "A-1", "_"]


class Fields(list):
    """A form as Django and Flask hand it over: pairs, with repeats."""

    def __iter__(self):
        return (name for name, _ in super().__iter__())

    def pairs(self):
        return list(super().__iter__())

    def getlist(self, wanted):
        return [value for name, value in self.pairs() if name == wanted]


def parsed(body):
    text = body.decode("utf-8", "replace")
    return Fields(urllib.parse.parse_qsl(text, keep_blank_values=True, max_num_fields=1000))


def flipped(data, bit):
    copy = bytearray(data)
    copy[bit // 8] ^= 1 << (bit % 8)
    return bytes(copy)


def printable(data):
    return all(0x21 <= byte <= 0x7E for byte in data)


def spelling(text):
    """What a base64 text stands for; the text itself where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return text


class Webhook:
    def __init__(self, provider, what, url, headers, body, key):
        self.provider, self.what, self.url, self.headers, self.body, self.key = provider, what, url, headers, body, key
        self.is_respelled = False

    def verdict(self):
        headers = dict(self.headers)
        if self.provider == "twilio":
            algorithm = get_signature_algorithm(headers.get(SETTINGS_HEADER))
            return RequestValidator(self.key).validate(self.url, parsed(self.body), headers[TWILIO_HEADER], algorithm)
        try:
            verify_webhook_signature(self.body, headers, self.key)
            return True
        except (WebhookVerificationError, UnicodeDecodeError):
            return False

    def line(self, now):
        return json.dumps({
            "provider": self.provider, "what": self.what, "url": self.url, "headers": self.headers,
            "body": base64.b64encode(self.body).decode(), "key": self.key, "now": now,
            "valid": self.verdict() and not self.is_respelled,
        })

    def tampered(self, dice):
        """One flipped bit of the body, of a header or, where it is signed, of the URL; None where that cannot be sent."""
        parts = ["body", "header"] + (["url"] if self.provider == "twilio" else [])
        part = dice.choice(parts)
        copy = Webhook(self.provider, f"{self.what}, bit of the {part}", self.url, list(self.headers), self.body, self.key)
        if part == "body":
            if not self.body:
                return None
            copy.body = flipped(self.body, dice.randrange(len(self.body) * 8))
        elif part == "url":
            changed = flipped(self.url.encode(), dice.randrange(len(self.url) * 8))
            # A scheme or an authority that is none is not requested; a fragment is not sent.
            if not printable(changed) or b"#" in changed or not changed.startswith((b"http://", b"https://")):
                return None
            copy.url = changed.decode()
            try:
                urllib.parse.urlparse(copy.url).port
            except ValueError:
                return None
        else:
            signed = [n for n, (name, _) in enumerate(self.headers) if name in (TWILIO_HEADER, SIGNATURE_HEADER, TIME_HEADER)]
            index = dice.choice(signed)
            name, value = self.headers[index]
            changed = flipped(value.encode(), dice.randrange(len(value) * 8))
            if not printable(changed):
                return None
            copy.headers[index] = [name, changed.decode()]
            copy.is_respelled = spelling(value) == spelling(changed.decode())
        return copy


# Twilio


def twilio(dice, number):
    host = dice.choice(["voice.example.org", "127.0.0.1", "a-b.example"])
    scheme = dice.choice(["https", "https", "http"])
    port = dice.choice(["", "", ":443", ":80", ":8443"])
    path = dice.choice(["/sms/status", "/", "/sms/in/", "/a%20b", "/t%C3%A9l"])
    query = dice.choice(["", "?correlation=01KDVXN700PARLEYTEXT00000A~1.00ff", "?tenant=7&a=%2B1&a=", "?x", "?b=2&a=1"])
    url = f"{scheme}://{host}{port}{path}{query}"
    # Twilio's signer does not always write the port that it was given.
    own_port = ":443" if scheme == "https" else ":80"
    signed_port = dice.choice([port, port, "" if port else own_port])
    signed_url = f"{scheme}://{host}{signed_port}{path}{query}"
    pairs = [(dice.choice(NAMES), dice.choice(WORDS)) for _ in range(dice.choice([0, 1, 3, 8, 20]))]
    if pairs and dice.random() < 0.5:
        # The same name again: with the same value, another, none.
        pairs += [dice.choice(pairs), (pairs[0][0], dice.choice(WORDS)), (pairs[0][0], "")]
        dice.shuffle(pairs)
    body = urllib.parse.urlencode(pairs, quote_via=dice.choice([urllib.parse.quote, urllib.parse.quote_plus])).encode()
    token = f"fake-twilio-token-{number}"
    headers = [["Content-Type", "application/x-www-form-urlencoded"]]
    settings = dice.choice([None, None, "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256", "key=webhooks_sharedkey_1"])
    if settings:
        headers.append([SETTINGS_HEADER, settings])
    signature = RequestValidator(token).compute_signature(signed_url, Fields(pairs), get_signature_algorithm(settings))
    headers.append([TWILIO_HEADER, signature])
    return Webhook("twilio", f"twilio {number}", url, headers, body, token)


def twilio_by_others(dice, number):
    """Signed with another token, for another port, host, path or form."""
    webhook = twilio(dice, number)
    headers = [header for header in webhook.headers if header[0] not in (TWILIO_HEADER, SETTINGS_HEADER)]
    fields, url, token = parsed(webhook.body).pairs(), webhook.url, webhook.key
    fault = dice.choice(["token", "port", "host", "query", "field"])
    if fault == "token":
        token += "x"
    elif fault == "port":
        url = "https://voice.example.org:443/sms/status"
        webhook.url = "https://voice.example.org:8443/sms/status"
    elif fault == "host":
        url = url.replace("://", "://x", 1)
    elif fault == "query":
        url += "&more=1" if "?" in url else "?more=1"
    else:
        fields.append(("More", ""))
    signature = RequestValidator(token).compute_signature(url, Fields(fields))
    return Webhook(
        "twilio", f"{webhook.what}, another {fault}", webhook.url, headers + [[TWILIO_HEADER, signature]], webhook.body,
        webhook.key)


# Telnyx


def telnyx(dice, number, now, offset=0):
    key = nacl.signing.SigningKey(dice.randbytes(32))
    event = {"data": {"event_type": "message.received", "id": f"event-{number}", "payload": {"text": dice.choice(WORDS)}}}
    body = dice.choice([
        json.dumps(event).encode(), json.dumps(event, ensure_ascii=False, indent=2).encode(), b"", b"|", b"{}",
        "".join(dice.choices(WORDS, k=40)).encode(),
    ])
    stamp = str(now + offset)
    signature = base64.b64encode(key.sign(stamp.encode() + b"|" + body).signature).decode()
    what = f"telnyx {number}" + (f", {offset} s away" if offset else "")
    return Webhook(
        "telnyx", what, "https://voice.example.org/telnyx",
        [["Content-Type", "application/json"], [SIGNATURE_HEADER, signature], [TIME_HEADER, stamp]], body,
        base64.b64encode(bytes(key.verify_key)).decode())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=200, help="webhooks of each provider; each also tampered with")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    now = int(time.time())
    for number in range(options.count):
        made = [twilio(dice, number), twilio_by_others(dice, number), telnyx(dice, number, now)]
        # Away from the limit itself: this takes some seconds.
        made.append(telnyx(dice, number, now, offset=dice.choice([-100_000, -400, -200, 200, 400, 100_000])))
        made += [copy for copy in (webhook.tampered(dice) for webhook in made) if copy]
        for webhook in made:
            print(webhook.line(now))


if __name__ == "__main__":
    main()
