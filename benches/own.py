"""Signs in to a running site as a person would, by the link of `kyodo sign-in-link`, and hands over the cookie."""

import base64
import hashlib
import hmac
import http.cookiejar
import re
import struct
import time
import urllib.parse
import urllib.request
from html.parser import HTMLParser


class Forms(HTMLParser):
    """The forms of a page that act: where each goes and what it holds."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.secret = [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.secret = attrs.get("data-totp-secret", self.secret)
        if tag == "form":
            self.forms.append({"action": attrs.get("action"), "method": attrs.get("method", "get"), "fields": []})
        elif tag in ("input", "button") and attrs.get("name") and self.forms:
            self.forms[-1]["fields"].append((attrs["name"], attrs.get("value", ""), attrs.get("type", "text")))


class Person:
    """Somebody with a browser."""

    def __init__(self, base):
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.url, self.page = base, ""

    def open(self, url, fields=None):
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(urllib.parse.urljoin(self.url, url), body, {"Origin": self.base})
        with self.opener.open(request, timeout=60) as answer:
            self.url, self.page = answer.url, answer.read().decode()

    def act(self, typed=None):
        """Sends the page's own form (not the one that signs out), with `typed` in its text field."""
        forms = [form for form in Forms(self.page).forms if form["method"] == "post" and form["action"] != "/sign-out"]
        form = forms[0]
        fields = [(name, typed if typed and kind not in ("hidden", "checkbox") else value) for name, value, kind in form["fields"]]
        self.open(form["action"] or self.url, fields)

    def sign_in(self, link):
        self.open(link)
        self.act()
        if "/sign-in/totp" in self.url:
            self.act(one_time_password(Forms(self.page).secret))
        return self

    def cookie(self):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)


def one_time_password(secret):
    """RFC 6238 with the defaults: SHA-1, six digits, thirty seconds."""
    key = base64.b32decode(re.sub(r"\s", "", secret) + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
