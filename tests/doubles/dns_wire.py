"""A name server on loopback that knows the TXT records and addresses it is told."""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class DNSWire:
    """Where it listens, and what it holds: domain to texts, domain to the IPv4 addresses of each look-up in turn.

    The last look-up's addresses are given again. `asked` counts a domain's look-ups of addresses. `is_silent` answers nothing.
    """

    address: str = ""
    records: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    is_silent: bool = False


@contextmanager
def dns_wire() -> Iterator[DNSWire]:
    """A server on a free port for as long as the block lasts."""
    wire = DNSWire()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            if wire.is_silent:
                return
            question = dns.message.from_wire(data)
            answer = dns.message.make_response(question)
            answer.flags |= dns.flags.RA
            name, kind = question.question[0].name, question.question[0].rdtype
            domain = name.to_text(omit_final_dot=True)
            if kind == dns.rdatatype.TXT and (texts := wire.records.get(domain)):
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *[f'"{text}"' for text in texts]))
            elif kind == dns.rdatatype.A and (turns := wire.addresses.get(domain)):
                found = turns[min(wire.asked[domain], len(turns) - 1)]
                wire.asked[domain] += 1
                answer.answer.extend(dns.rrset.from_text(name, 0, "IN", "A", text) for text in found)
            elif domain not in wire.addresses:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            socket.sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        wire.address = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield wire
        finally:
            server.shutdown()
            thread.join()
