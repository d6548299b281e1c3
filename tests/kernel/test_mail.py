"""A letter is to one person, under the headers that were meant, whatever its parts hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from revops_site.kernel import mail
from revops_site.mailing import mail_server

LETTER = mail.Letter(
    to="pat@globex.example",
    to_name="Pat Doe",
    from_name="Ana Almeida",
    reply_to="ana@example.com",
    subject="Hello",
    text="Text",
    message_id="<1@example.com>",
    at=datetime(2025, 6, 30, tzinfo=UTC),
)
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Reply-To"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}


@pytest.mark.parametrize(
    "text",
    [
        *("", "pat", "@globex.example", "pat@", "pat@globex", "a@b@globex.example"),
        *("pat@globex.example,all@evil.example", "pat@globex.example;all@evil.example"),
        *("pat@globex.example\r\nBcc: all@evil.example", "pat@globex.example\n", "\tpat@g.example"),
        *("Pat <pat@globex.example>", '"pat doe"@globex.example', "pat(x)@globex.example"),
        *("pat@[127.0.0.1]", "pat@127.0.0.1", "pat..doe@globex.example", ".pat@globex.example"),
        *(
            "pat@-globex.example",
            "pat@globex..example",
            "pat\u200b@globex.example",
            "pät@g.example",
        ),
        *("pat@globex.example\x00", "pat@glo bex.example", f"{'p' * 65}@globex.example"),
        f"pat@{'a' * 64}.example",
    ],
)
def test_what_is_not_one_address_is_none(text: str) -> None:
    with pytest.raises(mail.BadAddressError):
        mail.checked(text)
    assert mail.plain(text) == ""


def test_a_domain_of_any_script_is_written_as_servers_take_it() -> None:
    assert mail.checked(" pat@BÜCHER.example ") == "pat@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("patterns", "address", "may"),
    [
        (["*.example"], "pat@globex.example", True),
        (["*.example"], "pat@example", False),
        (["*.example"], "pat@globex.example.com", False),
        (["globex.com"], "pat@evil-globex.com", False),
        ([], "pat@anywhere.com", True),
    ],
)
def test_mail_goes_to_allowed_domains_alone(
    patterns: list[str], address: str, may: bool, settings: LazySettings
) -> None:
    settings.MAIL_DOMAINS = patterns
    assert mail.is_allowed(address) is may


ANYTHING = st.text(min_size=1, max_size=40) | st.sampled_from(
    ["\r\nBcc: x@evil.example", "a\nb", "a\rb", "\x00", '"', "<>", "a, b@evil.example", "=?utf-8?"]
)


@given(name=ANYTHING, subject=ANYTHING, text=ANYTHING, author=ANYTHING)
def test_no_part_of_a_letter_makes_another_header_or_recipient(
    name: str, subject: str, text: str, author: str
) -> None:
    hostile = replace(LETTER, to_name=name, from_name=author, subject=subject, text=text)
    try:
        whole = mail.composed(hostile)
    except (mail.BadLetterError, mail.BadAddressError):
        return
    read = message_from_bytes(whole, policy=default)
    assert set(read.keys()) == HEADERS
    assert len(read.keys()) == len(HEADERS)
    assert [one.addr_spec for one in read["To"].addresses] == ["pat@globex.example"]
    head = whole.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?mi)^(bcc|cc):", head)


@pytest.mark.parametrize(
    "more",
    [
        {"Bcc": "x@evil.example"},
        {"List-Unsubscribe": "<https://a.example>\r\nBcc: x@evil.example"},
    ],
)
def test_further_headers_are_those_of_a_list_and_on_one_line(more: dict[str, str]) -> None:
    with pytest.raises(mail.BadLetterError):
        mail.composed(replace(LETTER, more=more))


@pytest.mark.parametrize(
    "change", [{"text": "x" * 10_001}, {"subject": "x" * 201}, {"text": " "}, {"subject": ""}]
)
def test_a_letter_has_its_size(change: dict[str, str]) -> None:
    with pytest.raises(mail.BadLetterError):
        mail.composed(replace(LETTER, **change))  # type: ignore[arg-type]


def test_the_line_to_a_server_is_kept_from_others_unless_it_is_here() -> None:
    far = mail_server("mail.example.com", 587, "u", "p", "")
    assert (far["EMAIL_USE_TLS"], far["EMAIL_USE_SSL"]) == (True, False)
    assert mail_server("mail.example.com", 465, "u", "p", "")["EMAIL_USE_SSL"]
    assert not mail_server("127.0.0.1", 2525, "", "", "")["EMAIL_USE_TLS"]
    assert mail_server("", 587, "", "", "") == {}


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        (("mail.example.com", 25, "u", "p", "none"), "for everybody to read"),
        (("mail.example.com", 25, "u", "", ""), "both, or neither"),
        (("mail.example.com", 25, "", "", "ssl3"), "one of starttls, tls and none"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_a_remedy(
    given_: tuple[str, int, str, str, str], says: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=says):
        mail_server(*given_)
