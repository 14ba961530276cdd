"""Time to believe a SAML answer: the checks alone, with the rows that are kept, and opened when it was encrypted."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import benchmarks
from benchmarks.stage import organization, stage

_ROUNDS = 20 if benchmarks.SHORT else 200
_YARDSTICK = "bare xmlsec verification of the same answer"


def run() -> list[benchmarks.Figure]:
    """Median and p99 in milliseconds; every answer is a fresh one, for each is believed once."""
    with stage():
        return _measured()


def _measured() -> list[benchmarks.Figure]:
    from apps.accounts.models import SAMLProvider
    from apps.accounts.services.saml_sign_in import receive_saml_answer
    from apps.accounts.sso.saml_settings import KEY_PURPOSE
    from apps.kernel.storage.sealed_values import seal
    from apps.kernel.tenancy.context import inside
    from tests.accounts.saml.conftest import connect
    from tests.doubles.saml_forge import encrypted, key_pair, posted

    own = key_pair(bits=3072)
    with inside(organization()):
        plain = connect()
        sealed = connect(
            "sealed", own_certificate=own.certificate, own_key_sealed=seal(own.private, purpose=KEY_PURPOSE)
        )
        SAMLProvider.objects.filter(pk=sealed.pk).update(wants_encryption=True)
        sealed.refresh_from_db()
        open_answers = [_answer(plain) for _ in range(_ROUNDS)]
        sealed_answers = [encrypted(_answer(sealed), own.certificate) for _ in range(_ROUNDS)]
        bare = _times(_bare, open_answers)
        checks = _times(lambda answer: _checks(plain, answer), open_answers)

        def receive(provider: Any) -> Callable[[bytes], object]:
            return lambda answer: receive_saml_answer(
                provider.connection, parameter=posted(answer)["SAMLResponse"], address="192.0.2.1"
            )

        whole = _times(receive(plain), open_answers)
        opened = _times(receive(sealed), sealed_answers)
    yardstick = statistics.median(bare)
    rows: list[benchmarks.Figure] = [(_YARDSTICK, yardstick, "ms", 1.0, _YARDSTICK)]
    for name, found in (("the checks", checks), ("checked and kept", whole), ("opened, checked and kept", opened)):
        for word, value in (("median", statistics.median(found)), ("p99", _p99(found))):
            rows.append((f"SAML answer, {name}, {word}", value, "ms", value / yardstick, _YARDSTICK))
    return rows


def _answer(provider: Any) -> bytes:
    """An honest answer to a request that was made a moment ago."""
    from apps.accounts.services.saml_sign_in import begin_saml_sign_in
    from apps.accounts.sso.addresses import saml_addresses
    from apps.kernel.clock import now
    from tests.doubles.saml_forge import Shape, forged, key_pair, request_in

    own = saml_addresses(provider.connection)
    request_id = request_in(begin_saml_sign_in(provider.connection, goal="/").url).get("ID")
    return forged(Shape(now(), own.acs_url, own.entity_id, request_id, key_pair()))


def _bare(answer: bytes) -> None:
    import xmlsec
    from lxml import etree

    from tests.doubles.saml_forge import DS, SAML, key_pair

    root = etree.fromstring(answer)
    assertion = root.find(f"{{{SAML}}}Assertion")
    xmlsec.tree.add_ids(assertion, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key_pair().certificate, xmlsec.constants.KeyDataFormatCertPem, None)
    context.verify(assertion.find(f"{{{DS}}}Signature"))


def _checks(provider: Any, answer: bytes) -> None:
    from apps.accounts.sso.addresses import saml_addresses
    from apps.accounts.sso.certificates import usable_certificates
    from apps.accounts.sso.saml_document import parsed, refuse_unusual_shape
    from apps.accounts.sso.saml_encryption import opener
    from apps.accounts.sso.saml_profile import Expectation, answered_request, read_assertion
    from apps.accounts.sso.saml_signature import verified
    from apps.kernel.clock import now

    root = parsed(answer)
    refuse_unusual_shape(root)
    certificates = usable_certificates(provider.certificates, at=now())
    assertion, is_response_signed = verified(root, certificates=certificates, decrypt=opener([], allows_cbc=False))
    own = saml_addresses(provider.connection)
    expected = Expectation(provider.entity_id, own.entity_id, own.acs_url, answered_request(root), now())
    read_assertion(root, assertion, is_response_signed=is_response_signed, expected=expected)


def _times(work: Callable[[bytes], object], answers: list[bytes]) -> list[float]:
    """Milliseconds of each; the first one, which reads schemas and caches, is not counted."""
    found = []
    for answer in answers:
        start = time.perf_counter()
        work(answer)
        found.append((time.perf_counter() - start) * 1000)
    return found[1:]


def _p99(found: list[float]) -> float:
    return sorted(found)[min(len(found) - 1, int(len(found) * 0.99))]


if __name__ == "__main__":
    for row in run():
        print(row)
