"""Calls to addresses that people entered reach public servers alone, and end in time and in size whatever the other side does."""

import datetime as dt
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apps.kernel.clock import now
from apps.kernel.outbound import client
from apps.kernel.outbound.addresses import checked_url, is_public
from apps.kernel.outbound.client import Bounds
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.outbound.errors import (
    OutboundAddressError,
    OutboundError,
    OutboundRedirectError,
    OutboundTimeoutError,
    OutboundTooLargeError,
    OutboundUnreachableError,
    OutboundUnreadableError,
)
from tests.doubles.dns_wire import DNSWire, dns_wire
from tests.doubles.odd_server import OddServer, endless, odd_server, plain

SHORT = Bounds(total_s=0.3, size_bytes=1000)


@pytest.fixture
def server(settings: Any) -> Iterator[OddServer]:
    """A server on this machine that the installation has named."""
    with odd_server() as double:
        settings.OUTBOUND_ALLOWED = [double.place]
        double.replies["/"] = plain(b"hello", more="X-Odd: yes\r\n")
        yield double


@pytest.fixture
def names(settings: Any) -> Iterator[DNSWire]:
    with dns_wire() as wire:
        settings.DNS_SERVERS = [wire.address]
        yield wire


def test_a_named_server_is_asked_and_its_answer_comes_back(server: OddServer) -> None:
    reply = client.get(server.url("/"), headers={"Accept": "application/json"})
    assert (reply.status, reply.headers["x-odd"], reply.body) == (200, "yes", b"hello")
    assert "accept: application/json" in server.heads[0].lower()


def test_a_body_is_posted_as_it_is(server: OddServer) -> None:
    reply = client.post(server.url("/"), body=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (reply.status, server.bodies) == (200, [b"a=b"])


def test_other_statuses_are_answers_too(server: OddServer) -> None:
    server.replies["/missing"] = plain(b"no", status="404 Not Found")
    assert client.get(server.url("/missing")).status == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/",
        "https://017700000001/", "https://0177.0.0.1/", "https://0/", "https://0.0.0.0/", "https://10.1.2.3/",
        "https://100.64.0.1/", "https://169.254.169.254/latest/meta-data/", "https://172.16.0.1/", "https://172.31.255.255/",
        "https://192.0.0.192/", "https://192.168.1.1/", "https://198.18.0.1/", "https://192.88.99.1/", "https://168.63.129.16/",
        "https://224.0.0.1/", "https://240.0.0.1/", "https://255.255.255.255/", "https://[::]/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://[::ffff:8.8.8.8]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::1]/", "https://[2001::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2001:db8::1]/",
        "https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[ff02::1]/",
        "https://[3fff::1]/", "https://[100::1]/", "https://localhost/", "https://localhost./", "https://a.localhost/",
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com:70/_", "//example.com/", "/x",
        "https:///x", "https://", "", "https://user@example.com/", "https://user:pass@example.com/", "https://@127.0.0.1/",
        "https://example.com:22/", "https://example.com:80/", "https://example.com:0/", "https://example.com:99999/",
        "https://example.com:-1/", "https://example.com#fragment", "https://example.com\\@127.0.0.1/", "https://exa mple.com/",
        "https://example.com/\r\nX: y", "https://example.com/\t", "https://\u24d4xample.com/", "https://ex\u00e4mple.com/",
        "https://127.0.0.1%00.example.com/", "https://example..com/", "https://-a.example.com/", "https://1.2.3.4.5/",
        "https://example.com/" + "a" * 2048, "https://[", "https://[::1", "https://[fe80::1%25]/",
    ],
)  # fmt: skip
def test_what_is_no_public_https_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(OutboundAddressError):
        client.get(url, bounds=SHORT)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com", "https://login.example.com:8443/a/b?c=d&e=%20", "https://8.8.8.8/", "https://EXAMPLE.com/",
        "https://[2606:4700::1111]/", "https://xn--exmple-cua.com/", "https://172.32.0.1/", "https://a_b.example.com/",
    ],
)  # fmt: skip
def test_public_https_addresses_are_not_refused_by_their_form(url: str) -> None:
    assert str(checked_url(url)).lower() == url.lower()


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_servers_of_others_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.usefixtures("settings")
def test_the_same_server_is_refused_when_nobody_has_named_it(server: OddServer, settings: Any) -> None:
    assert client.get(server.url("/")).status == 200
    settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{server.port + 1}", f"localhost:{server.port}"]
    for scheme in ("http", "https"):
        with pytest.raises(OutboundAddressError):
            client.get(server.url("/", scheme=scheme))
    assert server.connections == 1


def test_a_name_that_leads_inside_is_refused_although_it_also_leads_outside(
    server: OddServer, names: DNSWire, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED = []
    names.addresses |= {"inside.test": [["127.0.0.1"]], "both.test": [["8.8.8.8", "127.0.0.1"]]}
    for name in names.addresses:
        with pytest.raises(OutboundAddressError):
            client.get(f"https://{name}:{server.port}/", bounds=SHORT)
        assert names.asked[name] == 1
    assert server.connections == 0


def test_a_named_place_still_may_not_lead_to_another_machine_inside(
    server: OddServer, names: DNSWire, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED = [f"named.test:{server.port}"]
    names.addresses["named.test"] = [["127.0.0.1"], ["169.254.169.254"]]
    url = f"http://named.test:{server.port}/"
    assert client.get(url).status == 200
    with pytest.raises(OutboundAddressError):
        client.get(url)


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    server: OddServer, names: DNSWire, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED = [f"rebound.test:{server.port}"]
    # Whoever looks twice connects to the second answer.
    names.addresses["rebound.test"] = [["127.0.0.1"], ["10.0.0.1"]]
    assert client.get(f"http://rebound.test:{server.port}/", bounds=SHORT).body == b"hello"
    assert names.asked["rebound.test"] == 1
    assert f"host: rebound.test:{server.port}" in server.heads[0].lower()


def test_the_next_address_is_tried_when_the_first_takes_no_calls(
    server: OddServer, names: DNSWire, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED = [f"two.test:{server.port}"]
    names.addresses["two.test"] = [["127.0.0.9", "127.0.0.1"]]
    assert client.get(f"http://two.test:{server.port}/").body == b"hello"


def test_names_on_this_machine_need_no_name_server(server: OddServer, names: DNSWire, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED = [f"op.localhost:{server.port}"]
    assert client.get(f"http://op.localhost:{server.port}/").body == b"hello"
    assert names.asked == {}


def test_a_name_that_nobody_knows_is_not_reached(names: DNSWire) -> None:
    with pytest.raises(OutboundUnreachableError):
        client.get("https://nobody.test/")


def test_a_name_without_addresses_is_not_reached(names: DNSWire) -> None:
    names.addresses["empty.test"] = [[]]
    with pytest.raises(OutboundUnreachableError):
        client.get("https://empty.test/")


def test_a_silent_name_server_does_not_keep_the_caller(names: DNSWire) -> None:
    names.is_silent = True
    with pytest.raises(OutboundTimeoutError):
        client.get("https://example.test/", bounds=SHORT)


def test_a_port_that_nobody_listens_on_is_not_reached(settings: Any) -> None:
    with odd_server() as gone:
        place = gone.place
    settings.OUTBOUND_ALLOWED = [place]
    with pytest.raises(OutboundUnreachableError):
        client.get(f"http://{place}/")


@pytest.mark.parametrize(
    "reply",
    [
        [b"", *[b"H"] * 100],
        [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 100, b"\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *[b"x"] * 100],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 100,
    ],
    ids=["status line", "headers", "body", "interim answers"],
)
def test_a_server_that_drips_is_left_at_the_end_of_the_whole_time(server: OddServer, reply: list[bytes]) -> None:
    server.replies["/drip"], server.pause_s = reply, 0.05
    with pytest.raises(OutboundTimeoutError):
        client.get(server.url("/drip"), bounds=SHORT)


@pytest.mark.parametrize(
    "reply",
    [plain(b"x" * 1001), plain(b"x" * 1001, length=10**12), endless(b"x" * 100)],
    ids=["one too many", "says it is larger still", "never ends"],
)
def test_an_answer_is_left_where_it_grows_too_large(server: OddServer, reply: Any) -> None:
    server.replies["/huge"] = reply
    with pytest.raises(OutboundTooLargeError):
        client.get(server.url("/huge"), bounds=Bounds(size_bytes=1000))


def test_an_answer_of_the_largest_size_is_read(server: OddServer) -> None:
    server.replies["/full"] = plain(b"x" * 1000)
    assert len(client.get(server.url("/full"), bounds=Bounds(size_bytes=1000)).body) == 1000


def test_what_follows_the_length_that_was_told_is_not_read(server: OddServer) -> None:
    server.replies["/more"] = plain(b"hello and more", length=5)
    assert client.get(server.url("/more")).body == b"hello"


@pytest.mark.parametrize(
    "reply",
    [
        plain(b"short", length=50),
        [b"SSH-2.0-OpenSSH_9.9\r\n"],
        [b""],
        plain(b"\x1f\x8b", more="Content-Encoding: gzip\r\n"),
        [b"HTTP/1.1 200 OK\r\n" + b"X-Large: " + b"x" * 300_000 + b"\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"],
    ],
    ids=["shorter than told", "not HTTP", "nothing", "compressed", "huge header", "two lengths", "bad chunk"],
)
def test_an_answer_that_cannot_be_read_is_a_refusal(server: OddServer, reply: list[bytes]) -> None:
    server.replies["/odd"] = reply
    with pytest.raises(OutboundUnreadableError):
        client.get(server.url("/odd"))


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent", "304 Not"]
)
def test_no_redirect_is_followed(server: OddServer, status: str) -> None:
    server.replies["/away"] = plain(b"", status=status, more=f"Location: {server.url('/')}\r\n")
    with pytest.raises(OutboundRedirectError):
        client.get(server.url("/away"))
    assert server.connections == 1


def test_no_cookie_is_kept_and_no_proxy_is_asked(server: OddServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.replies["/cookie"] = plain(b"", more="Set-Cookie: a=b; Path=/\r\n")
    with odd_server() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.place}")
        client.get(server.url("/cookie"))
        client.get(server.url("/"))
    assert "cookie:" not in server.heads[1].lower()
    assert proxy.connections == 0


def test_a_deadline_tells_what_is_left_until_nothing_is() -> None:
    moments = iter([100.0, 101.0, 105.0])
    deadline = Deadline(5, clock=lambda: next(moments))
    assert deadline.left_s() == 4
    with pytest.raises(OutboundTimeoutError):
        deadline.left_s()


def test_every_refusal_is_of_one_family_with_a_code_of_its_own() -> None:
    kinds = OutboundError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds) == 6


def _certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(), now() - day, now() + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / f"{name}.pem"
    place.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return place


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """trusting(file): the system's authorities are those of this file."""

    def trust(authorities: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
        client._tls.cache_clear()

    yield trust
    client._tls.cache_clear()


def test_a_certificate_counts_for_the_name_that_was_asked_and_from_a_known_authority_alone(
    tmp_path: Path, names: DNSWire, settings: Any, trusting: Callable[[Path], None]
) -> None:
    certificate = _certificate(tmp_path, "secure.test")
    names.addresses |= {"secure.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]}
    with odd_server(certificate=certificate) as server:
        server.replies["/"] = plain(b"sealed")
        settings.OUTBOUND_ALLOWED = [f"secure.test:{server.port}", f"other.test:{server.port}"]
        with pytest.raises(OutboundUnreachableError):
            client.get(f"https://secure.test:{server.port}/")
        trusting(certificate)
        assert client.get(f"https://secure.test:{server.port}/").body == b"sealed"
        with pytest.raises(OutboundUnreachableError):
            client.get(f"https://other.test:{server.port}/")


def test_a_server_that_never_says_hello_is_left_in_time(server: OddServer) -> None:
    server.pause_s = 5
    server.replies["/"] = []
    with pytest.raises(OutboundTimeoutError):
        # It waits for the rest of what it takes for a request.
        client.get(server.url("/", scheme="https"), bounds=SHORT)
