"""A mail server for tests: takes letters by SMTP and writes what it got into a file, one JSON object a line.

smtp.py FILE [--port N] [--answer PART=REPLY[*N]] [--drop PART[*N]] [--delay SECONDS] [--tls CERT KEY] [--login USER:PASSWORD]
             [--dkim NAME=RECORD]

--answer  refuses recipients whose address contains PART with REPLY ("451 4.7.1 later"), the first N times or always
--drop    takes the text for such a recipient and then closes the connection without an answer
--delay   waits before the text is taken
--tls     offers STARTTLS;  --login asks for a user and a password
--dkim    the DNS record of a public key; signatures are then verified
Prints its port once it listens, and ends when its standard input closes.
"""
import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Rule:
    """What happens to recipients whose address contains a part, the first few times or always."""

    def __init__(self, text, answered):
        text, _, times = text.partition("*")
        self.part, _, self.reply = text.partition("=") if answered else (text, "", "")
        self.left = int(times) if times else -1

    def hits(self, address):
        if self.left == 0 or self.part not in address:
            return False
        self.left -= 1
        return True


def asked(part):
    """What icalendar reads of the invitation: METHOD of the part and of the calendar, and everybody who is asked."""
    from icalendar import Calendar

    calendar = Calendar.from_ical(part.get_content())
    people = [(str(line.params.get("CN", "")), str(line)) for event in calendar.walk("VEVENT") for line in listed(event.get("ATTENDEE"))]
    return [part.get_param("method"), str(calendar.get("METHOD")), *[field for person in people for field in person]]


def listed(value):
    return value if isinstance(value, list) else [value] if value else []


class Handler:
    def __init__(self, options):
        self.options = options
        self.answers = [Rule(text, True) for text in options.answer]
        self.drops = [Rule(text, False) for text in options.drop]
        self.file = open(options.file, "a", encoding="utf-8")

    async def handle_RCPT(self, server, session, envelope, address, options):
        for rule in self.answers:
            if rule.hits(address):
                return rule.reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.options.delay)
        dropped = any(rule.hits(address) for rule in self.drops for address in envelope.rcpt_tos)
        self.write(envelope, dropped, session)
        if dropped:
            server.transport.close()
        return "250 taken"

    def write(self, envelope, dropped, session):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = list(message.walk())
        text = [part for part in parts if part.get_content_type() == "text/plain"]
        calendar = [part for part in parts if part.get_content_type() == "text/calendar"]
        mailboxes = {name: [[box.display_name, box.addr_spec] for box in message[name].addresses] for name in ("From", "To")}
        line = {
            "from": mailboxes["From"],
            "to": mailboxes["To"],
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "message_id": str(message["Message-ID"]),
            "subject": str(message["Subject"]),
            "text": text[0].get_content() if text else "",
            "charset": text[0].get_content_charset() if text else "",
            "calendar": calendar[0].get_content() if calendar else "",
            "calendar_type": str(calendar[0]["Content-Type"]) if calendar else "",
            "kind": message.get_content_type(),
            "parts": [part.get_content_type() for part in parts],
            "asked": asked(calendar[0]) if calendar else [],
            "kept": [part.get_content().decode() for part in parts if part.get_content_type() == "application/ics"],
            "longest": max(len(line) for line in envelope.content.split(b"\r\n")),
            "ascii": envelope.content.isascii(),
            "encrypted": session.ssl is not None,
            "dropped": dropped,
            "signed": self.verified(envelope.content),
            "defects": [str(defect) for part in parts for defect in part.defects],
        }
        self.file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.file.flush()

    def verified(self, content):
        if not self.options.dkim:
            return None
        import dkim

        name, _, record = self.options.dkim.partition("=")
        answer = lambda asked, timeout=5: record.encode() if asked.decode().rstrip(".") == name else None
        return dkim.verify(content, dnsfunc=answer)


def authenticator(login):
    def check(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == login, handled=False)

    return check


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--answer", action="append", default=[])
    parser.add_argument("--drop", action="append", default=[])
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--login")
    parser.add_argument("--dkim")
    options = parser.parse_args()
    handler = Handler(options)
    more = {}
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        more["tls_context"] = context
    if options.login:
        more |= {"authenticator": authenticator(options.login), "auth_required": True, "auth_require_tls": bool(options.tls)}
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(handler, hostname="mail.example.jp", **more), "127.0.0.1", options.port)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
