"""A real directory in a process of its own: OpenLDAP's slapd on loopback, with TLS by an authority of the tests.

It knows Unix people (uid, entryUUID) and, by a schema of our own, the attributes by which Active Directory says the same.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import ldap3
import pytest

from tests.doubles.certificates import Issued, authority, server_certificate
from tests.faults.processes import die_with_parent
from tests.stack.installation import free_port

BASE = "dc=example,dc=com"
PEOPLE = f"ou=people,{BASE}"
GROUPS = f"ou=groups,{BASE}"
ROOT_DN, ROOT_PASSWORD = f"cn=admin,{BASE}", "root-password"
SERVICE_DN, SERVICE_PASSWORD = f"cn=prism,{BASE}", "service-password"
PASSWORD = "correct horse battery staple"

_SCHEMA = """
attributetype ( 1.3.6.1.4.1.54392.9.1.1 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.54392.9.1.2 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.54392.9.1.3 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
attributetype ( 1.3.6.1.4.1.54392.9.1.4 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.54392.9.1.5 NAME 'msDS-User-Account-Control-Computed' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.54392.9.1.6 NAME 'accountExpires' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.54392.9.1.7 NAME 'objectCategory' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.54392.9.1.8 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
objectclass ( 1.3.6.1.4.1.54392.9.2.1 NAME 'user' SUP inetOrgPerson STRUCTURAL MAY ( sAMAccountName $ userPrincipalName $
  objectGUID $ userAccountControl $ msDS-User-Account-Control-Computed $ accountExpires $ objectCategory $ nsAccountLock ) )
"""

_CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
include {folder}/directory.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
TLSCACertificateFile {folder}/authority.crt
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
{more}
database mdb
suffix "{base}"
rootdn "{root}"
rootpw {root_password}
directory {folder}/data
index objectClass,entryUUID,uid,mail eq
overlay memberof
overlay ppolicy
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{service}" read by * none
"""


def is_there() -> bool:
    """Is the program installed?"""
    return shutil.which("slapd", path="/usr/sbin:/usr/bin:/usr/local/sbin") is not None


@dataclass
class Slapd:
    """One directory, and the way to change it as its own administrator does."""

    port: int
    tls_port: int
    process: "subprocess.Popen[bytes] | None" = None
    number: int = field(default=0)

    @property
    def tls_server(self) -> str:
        return f"localhost:{self.tls_port}"

    @property
    def server(self) -> str:
        return f"localhost:{self.port}"

    def as_root(self) -> ldap3.Connection:
        server = ldap3.Server("127.0.0.1", self.port, get_info=ldap3.NONE)
        return ldap3.Connection(
            server, ROOT_DN, ROOT_PASSWORD, auto_bind=ldap3.AUTO_BIND_NO_TLS, raise_exceptions=True, check_names=False
        )

    def person(self, uid: str, /, **changes: Any) -> str:
        """Somebody who may sign in; their distinguished name."""
        dn = changes.pop("dn", f"uid={uid},{PEOPLE}")
        values = {
            "objectClass": ["inetOrgPerson"],
            "uid": uid,
            "cn": uid.capitalize(),
            "sn": uid.capitalize(),
            "mail": f"{uid}@example.com",
            "userPassword": PASSWORD,
            **changes,
        }
        with self.as_root() as root:
            root.add(dn, attributes={name: value for name, value in values.items() if value})
        return str(dn)

    def ad_person(self, name: str, /, **changes: Any) -> str:
        """The same as Active Directory would describe them."""
        self.number += 1
        values = {
            "dn": f"cn={name},{PEOPLE}",
            "objectClass": ["user"],
            "uid": None,
            "objectCategory": "person",
            "displayName": name.capitalize(),
            "sAMAccountName": name,
            "userPrincipalName": f"{name}@corp.example.com",
            "objectGUID": UUID(int=self.number).bytes_le,
            "userAccountControl": "512",
            "accountExpires": "9223372036854775807",
            **changes,
        }
        return self.person(name, **values)

    def group(self, name: str, *members: str, kind: str = "groupOfNames", below: str = GROUPS) -> str:
        """A group of these; its distinguished name."""
        dn = f"cn={name},{below}"
        attribute = "member" if kind == "groupOfNames" else "uniqueMember"
        with self.as_root() as root:
            root.add(dn, attributes={"objectClass": [kind], "cn": name, attribute: list(members)})
        return dn

    def change(self, dn: str, **values: Any) -> None:
        """Replace these attributes; None takes one away."""
        with self.as_root() as root:
            said = {name.replace("_", "-"): value for name, value in values.items()}
            root.modify(
                dn,
                {name: [(ldap3.MODIFY_REPLACE, [value] if value is not None else [])] for name, value in said.items()},
            )

    def remove(self, dn: str) -> None:
        """Take an entry away."""
        with self.as_root() as root:
            root.delete(dn)

    def empty(self) -> None:
        """Take away all people and groups."""
        with self.as_root() as root:
            root.search(BASE, "(|(objectClass=person)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))")
            for dn in [entry.entry_dn for entry in root.entries]:
                if dn.lower() not in {ROOT_DN, SERVICE_DN}:
                    root.delete(dn)

    def stop(self) -> None:
        """As when the machine is switched off."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def require_slapd() -> None:
    """Skip aloud where it is not installed."""
    if not is_there():
        pytest.skip("no slapd: install it (Debian: slapd) to sign in at a real directory")


@contextmanager
def slapd(folder: Path, *, certificate: Issued | None = None, more: str = "") -> Iterator[Slapd]:
    """A directory with our service account in it and nobody else, until the block ends."""
    require_slapd()
    (folder / "data").mkdir(parents=True)
    (folder / "authority.crt").write_text(authority().pem)
    (folder / "directory.schema").write_text(_SCHEMA)
    issued = certificate or server_certificate(signed_by=authority())
    crt, key = issued.write(folder)
    (folder / "slapd.conf").write_text(
        _CONFIGURATION.format(
            folder=folder,
            certificate=crt,
            key=key,
            base=BASE,
            root=ROOT_DN,
            root_password=ROOT_PASSWORD,
            service=SERVICE_DN,
            more=more,
        )
    )
    directory = _started(folder)
    try:
        _furnish(directory)
        yield directory
    finally:
        directory.stop()


def _started(folder: Path, tries: int = 5) -> Slapd:
    """A free port may be somebody else's by the time that it is used: then with others."""
    directory = Slapd(free_port(), free_port())
    places = f"ldap://127.0.0.1:{directory.port} ldaps://127.0.0.1:{directory.tls_port}"
    program = shutil.which("slapd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    with (folder / "log").open("w") as log:
        directory.process = subprocess.Popen(
            [str(program), "-d", "0", "-h", places, "-f", str(folder / "slapd.conf")],
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,  # noqa: PLW1509
        )
    try:
        _wait(directory, folder)
    except AssertionError:
        directory.stop()
        if tries == 1:
            raise
        return _started(folder, tries - 1)
    return directory


def _wait(directory: Slapd, folder: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", directory.tls_port), timeout=1).close()
        except OSError:
            is_coming = (
                time.monotonic() < deadline and directory.process is not None and directory.process.poll() is None
            )
            assert is_coming, (folder / "log").read_text()[-3000:]
            time.sleep(0.02)
        else:
            assert directory.process is not None and directory.process.poll() is None, "the port is another one's"  # noqa: PT018
            return


def _furnish(directory: Slapd) -> None:
    with directory.as_root() as root:
        root.add(BASE, attributes={"objectClass": ["dcObject", "organization"], "dc": "example", "o": "Example"})
        for name in ("people", "groups"):
            root.add(f"ou={name},{BASE}", attributes={"objectClass": ["organizationalUnit"], "ou": name})
        root.add(
            SERVICE_DN,
            attributes={
                "objectClass": ["simpleSecurityObject", "organizationalRole"],
                "cn": "prism",
                "userPassword": SERVICE_PASSWORD,
            },
        )
