"""Before anything is said: which servers may be asked at all, and which of them are the ones that they claim to be."""

import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import LDAPDirectory
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.ldap.conftest import connect, sign_in, unavailable
from tests.doubles import ldap_wire as ldap
from tests.doubles.certificates import authority, server_certificate
from tests.doubles.dns_wire import dns_wire
from tests.doubles.ldap_wire import LDAPWire, ldap_wire
from tests.doubles.slapd import slapd


class TestStartTLS:
    """Where TLS is to begin, nothing is said before it has."""

    @pytest.fixture
    def wire(self, loopback: None, tenant_a: TenantRef) -> Iterator[LDAPWire]:
        with ldap_wire() as made:
            connect(made.server, transport="starttls")
            yield made

    def test_a_server_that_will_not_gets_no_name_and_no_password(self, wire: LDAPWire, browser: Client) -> None:
        for code in (1, 2, 52, 53):
            wire.on_extended = lambda _wire, number, _content, code=code: [ldap.extended(number, code)]  # type: ignore[misc]
            assert unavailable(sign_in(browser, "lena"), "starttls_refused")
        assert wire.binds == []

    def test_one_that_only_says_so_gets_nothing_either(self, wire: LDAPWire, browser: Client) -> None:
        wire.on_extended = lambda _wire, number, _content: [ldap.extended(number)]
        assert sign_in(browser, "lena").status_code == 503
        assert wire.binds == []

    def test_what_was_slipped_in_before_tls_counts_for_nothing(self, wire: LDAPWire, browser: Client) -> None:
        wire.on_extended = lambda _wire, number, _content: [ldap.extended(number) + ldap.bound(number + 1)]
        assert sign_in(browser, "lena").status_code == 503
        assert wire.binds == []


class TestCertificates:
    """Only a server that shows the right certificate hears a password."""

    @pytest.mark.parametrize(
        ("certificate", "reason"),
        [
            ({"days": (-30, -1)}, "certificate_expired"),
            ({"days": (1, 30)}, "certificate_expired"),
            ({"hosts": ("dc1.example.com",)}, "certificate_of_another"),
            ({"hosts": ("localhost.example.com", "*.localhost")}, "certificate_of_another"),
            ({"hosts": ("127.0.0.1",)}, "certificate_of_another"),
            ({"signed_by": "Another authority"}, "certificate_not_trusted"),
            ({"signed_by": None}, "certificate_not_trusted"),
        ],
    )
    @pytest.mark.parametrize("transport", ["ldaps", "starttls"])
    def test_a_wrong_certificate_ends_it_before_anything_is_said(
        self,
        tenant_a: TenantRef,
        loopback: None,
        browser: Client,
        tmp_path: Path,
        certificate: dict[str, Any],
        reason: str,
        transport: str,
    ) -> None:
        signer = certificate.get("signed_by", "Test authority")
        issued = server_certificate(
            **{**certificate, "signed_by": authority(signer) if signer else None}  # type: ignore[arg-type]
        )
        with slapd(tmp_path / "server", certificate=issued) as server:
            server.person("lena")
            connect(server.tls_server if transport == "ldaps" else server.server, transport=transport)
            assert unavailable(sign_in(browser, "lena"), reason)
        good = server_certificate(signed_by=authority())
        with slapd(tmp_path / "good", certificate=good) as server:
            server.person("lena")
            LDAPDirectory.objects.update(servers=[server.tls_server if transport == "ldaps" else server.server])
            assert sign_in(browser, "lena").status_code == 302

    def test_old_tls_is_not_spoken(self, tenant_a: TenantRef, loopback: None, browser: Client, tmp_path: Path) -> None:
        certificate, key = server_certificate(signed_by=authority()).write(tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with ldap_wire(tls=context) as old:
            connect(old.server)
            assert unavailable(sign_in(browser, "lena"), "tls_failed")
            assert old.binds == []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with ldap_wire(tls=context) as new:
            LDAPDirectory.objects.update(servers=[new.server])
            assert sign_in(browser, "lena").status_code == 302

    def test_without_a_pasted_authority_only_public_ones_are_trusted(
        self, company: Any, directory: LDAPDirectory, browser: Client
    ) -> None:
        company.person("lena")
        LDAPDirectory.objects.update(ca_certificates="")
        assert unavailable(sign_in(browser, "lena"), "certificate_not_trusted")
        LDAPDirectory.objects.update(ca_certificates=authority().pem)
        assert sign_in(browser, "lena").status_code == 302

    def test_authorities_that_cannot_be_read_any_more_trust_nobody(
        self, company: Any, directory: LDAPDirectory, browser: Client
    ) -> None:
        company.person("lena")
        LDAPDirectory.objects.update(ca_certificates="-----BEGIN CERTIFICATE-----")
        assert unavailable(sign_in(browser, "lena"), "ca_certificates")

    def test_a_server_that_speaks_no_tls_hears_nothing(
        self, tenant_a: TenantRef, loopback: None, browser: Client
    ) -> None:
        with ldap_wire() as plain:
            plain.on_connect = lambda line: line.sendall(b"not tls at all")
            connect(plain.server)
            assert unavailable(sign_in(browser, "lena"), "tls_failed")
            assert plain.binds == []


class TestPlaces:
    """What an administrator enters is asked from inside: only public servers, and networks that the operator names."""

    @pytest.mark.parametrize(
        "server",
        [
            "127.0.0.1:3890",
            "localhost:3890",
            "10.0.0.5",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0:3890",
            "[::1]:3890",
            "[::ffff:127.0.0.1]:3890",
            "[fd00::1]:3890",
            "[fe80::1]:3890",
            "[64:ff9b::7f00:1]:3890",
            "224.0.0.1",
            "168.63.129.16",
        ],
    )
    def test_a_place_inside_is_not_called(self, tenant_a: TenantRef, browser: Client, server: str) -> None:
        connect(server)
        assert unavailable(sign_in(browser, "lena"), "address_not_allowed")

    def test_a_named_network_opens_nothing_but_itself(
        self, company: Any, directory: LDAPDirectory, browser: Client, settings: Any
    ) -> None:
        company.person("lena")
        settings.DIRECTORY_NETWORKS = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
        assert unavailable(sign_in(browser, "lena"), "address_not_allowed")
        settings.DIRECTORY_NETWORKS = [ip_network("127.0.0.1/32")]
        assert sign_in(browser, "lena").status_code == 302

    def test_a_name_that_is_nowhere_and_a_port_that_is_closed(
        self, tenant_a: TenantRef, browser: Client, loopback: None, settings: Any
    ) -> None:
        with dns_wire() as names:
            settings.DNS_SERVERS = (names.address,)
            directory = connect("nowhere.example")
            assert unavailable(sign_in(browser, "lena"), "no_such_name")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            directory.servers = [f"localhost:{probe.getsockname()[1]}"]
            directory.save()
            assert unavailable(sign_in(browser, "lena"), "no_answer")

    def test_the_next_address_of_a_name_is_tried_and_the_name_is_looked_up_once(
        self, tenant_a: TenantRef, browser: Client, loopback: None, settings: Any, tmp_path: Path
    ) -> None:
        own = server_certificate(hosts=("dc.example.com",), signed_by=authority())
        with dns_wire() as names, slapd(tmp_path / "server", certificate=own) as server:
            settings.DNS_SERVERS = (names.address,)
            names.addresses["dc.example.com"] = [["127.0.0.2", "127.0.0.1"], ["10.0.0.1"]]
            server.person("lena")
            connect(f"dc.example.com:{server.tls_port}")
            assert sign_in(browser, "lena").status_code == 302
            assert names.asked["dc.example.com"] == 1, "what was checked is what was called"
            assert unavailable(sign_in(browser, "lena"), "address_not_allowed"), "now it points inside"
            names.addresses["dc.example.com"] = [["127.0.0.1", "10.0.0.1"]]
            assert unavailable(sign_in(browser, "lena"), "address_not_allowed"), "one address inside is enough"

    def test_a_name_without_an_address_and_a_silent_name_server(
        self, tenant_a: TenantRef, browser: Client, loopback: None, settings: Any
    ) -> None:
        with dns_wire() as names:
            settings.DNS_SERVERS = (names.address,)
            settings.DIRECTORY_TIMEOUT_S = 0.6
            names.addresses["dc.example.com"] = [[]]
            connect("dc.example.com")
            assert unavailable(sign_in(browser, "lena"), "no_such_name")
            names.is_silent = True
            assert unavailable(sign_in(browser, "lena"), "too_slow")

    def test_without_tls_no_other_machine_is_asked_although_it_may_be_reached(
        self, tenant_a: TenantRef, browser: Client, settings: Any
    ) -> None:
        settings.DIRECTORY_PLAIN_ON_LOOPBACK = True
        settings.DIRECTORY_NETWORKS = [ip_network("10.0.0.0/8")]
        connect("10.1.2.3", transport="plain")
        assert unavailable(sign_in(browser, "lena"), "plain_not_allowed")
