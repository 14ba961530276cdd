"""A real SAML identity provider in a process of its own: pysaml2 behind a sign-in form, over TLS on loopback.

Run: python -m tests.doubles.saml_idp FOLDER PORT SP_METADATA_FILE. It writes FOLDER/idp.xml, its metadata, when it is ready.
"""

import html
import shutil
import ssl
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.sigver import verify_redirect_signature

from tests.doubles.saml_forge import key_pair

PEOPLE = {
    "lena": {"email": "lena@example.com", "name": "Lena Lang", "groups": ["prism-analysts"]},
    "mallory": {"email": "mallory@elsewhere.example", "name": "Mallory", "groups": []},
}
PASSWORD = "idp-password"
_RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


def provider(folder: Path, port: int, sp_metadata: Path) -> Server:
    """The provider, and its metadata in the folder."""
    address = f"https://127.0.0.1:{port}"
    key, certificate = folder / "idp.key", folder / "idp.crt"
    pair = key_pair()
    key.write_text(pair.private)
    certificate.write_text(pair.certificate)
    config = IdPConfig().load(
        {
            "entityid": f"{address}/metadata",
            "xmlsec_binary": shutil.which("xmlsec1"),
            "key_file": str(key),
            "cert_file": str(certificate),
            "metadata": {"local": [str(sp_metadata)]},
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(f"{address}/sso", BINDING_HTTP_REDIRECT)],
                        "single_logout_service": [(f"{address}/slo", BINDING_HTTP_REDIRECT)],
                    },
                    "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": _BASIC}},
                    "sign_assertion": True,
                    "signing_algorithm": _RSA_SHA256,
                    "digest_algorithm": _SHA256,
                }
            },
        }
    )
    server = Server(config=config)
    (folder / "idp.xml.new").write_text(str(entity_descriptor(config)))
    return server


class _Pages(BaseHTTPRequestHandler):
    idp: Server
    sp_metadata: Path

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        """The sign-in form, with the request in it; or a sign-out, which one side or the other has begun."""
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path in {"/slo", "/end"}:
            # We have made a key since: a provider reads our metadata anew.
            self.idp.reload_metadata({"local": [str(self.sp_metadata)]})
            self._answer_logout(query) if path == "/slo" else self._ask_for_logout(query["user"][0])
            return
        asked = query.get("SAMLRequest", [""])[0]
        self._page(
            "<h1>Company sign-in</h1><form method=post>"
            f'<input type=hidden name=SAMLRequest value="{html.escape(asked)}">'
            "<label>User <input name=user></label><label>Password <input name=password type=password></label>"
            "<button>Sign in</button></form>"
        )

    def do_POST(self) -> None:
        """The answer, in a form that posts itself to whoever asked."""
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        user = given.get("user", [""])[0]
        if user not in PEOPLE or given.get("password", [""])[0] != PASSWORD:
            self._page("<p>Wrong.</p>")
            return
        request = self.idp.parse_authn_request(given["SAMLRequest"][0], BINDING_HTTP_REDIRECT)
        answer = self.idp.create_authn_response(
            identity=PEOPLE[user],
            userid=user,
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"idp-{user}"),
            authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"},
            sign_assertion=True,
            sign_alg=_RSA_SHA256,
            digest_alg=_SHA256,
            **_only(self.idp.response_args(request.message), "in_response_to", "destination", "sp_entity_id"),
        )
        filled = self.idp.apply_binding(
            BINDING_HTTP_POST, str(answer), request.message.assertion_consumer_service_url, "", response=True
        )
        self._page(filled["data"])

    def _answer_logout(self, query: dict[str, list[str]]) -> None:
        """Only what our key has signed is answered, or believed as the answer to what was asked."""
        given = {name: values[0] for name, values in query.items()}
        (sp,) = self.idp.metadata.service_providers()
        certificates = [text for _name, text in self.idp.metadata.certs(sp, "spsso", "signing")]
        if not any(verify_redirect_signature(given, self.idp.sec.sec_backend, text) for text in certificates):
            self._page("<p>Not signed.</p>")
        elif "SAMLResponse" in given:
            self._page("<p>Signed out everywhere.</p>")
        else:
            request = self.idp.parse_logout_request(given["SAMLRequest"], BINDING_HTTP_REDIRECT).message
            answer = self.idp.create_logout_response(request, [BINDING_HTTP_REDIRECT])
            self._redirect(str(answer), answer.destination, is_response=True)

    def _ask_for_logout(self, user: str) -> None:
        """Every session of this user ends at the application."""
        (sp,) = self.idp.metadata.service_providers()
        (service, *_more) = self.idp.metadata.single_logout_service(sp, BINDING_HTTP_REDIRECT, "spsso")
        name_id = NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"idp-{user}")
        _id, request = self.idp.create_logout_request(service["location"], sp, name_id=name_id)
        self._redirect(str(request), service["location"], is_response=False)

    def _redirect(self, message: str, to: str, *, is_response: bool) -> None:
        made = self.idp.apply_binding(
            BINDING_HTTP_REDIRECT, message, to, "", response=is_response, sign=True, sigalg=_RSA_SHA256
        )
        self.send_response(302)
        self.send_header("Location", dict(made["headers"])["Location"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _page(self, body: str) -> None:
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _only(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}


def main(folder: Path, port: int, sp_metadata: Path) -> None:
    """Serve until killed."""
    _Pages.idp, _Pages.sp_metadata = provider(folder, port, sp_metadata), sp_metadata
    server = HTTPServer(("127.0.0.1", port), _Pages)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "idp.crt", folder / "idp.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    (folder / "idp.xml.new").rename(folder / "idp.xml")
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
