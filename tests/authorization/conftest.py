"""One stage for all cells: both organizations are furnished once, and each cell is rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from tests.authorization.objects import Subject, Warehouse, stock
from tests.authorization.people import Asker, askers
from tests.conftest import _tenant
from tests.isolation.asking import BODY, Asked, Cell
from tests.isolation.stage import furnish
from tests.template import TENANT_A, TENANT_B

_LIMITS = (
    "API_CALLS_PER_MINUTE",
    "API_RUNS_PER_MINUTE",
    "API_CALLS_PER_KEY_PER_MINUTE",
    "API_CALLS_PER_ORGANIZATION_PER_MINUTE",
)
_ENOUGH = 10_000_000


@dataclass
class Stage:
    """Who asks, what there is to ask for, and the questions."""

    warehouse: Warehouse
    askers: list[Asker]
    _unknown: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def ask(self, asker: Asker, method: str, url: str, key: Any = None, **more: Any) -> Cell:
        """One question."""
        asked = Asked(body=self.body(), headers=dict(asker.headers))
        asked.unknown = self._unknown.setdefault((method, url.replace(str(key), "<key>")), set())
        for name, value in more.items():
            setattr(asked, name, value)
        return Cell(asker.client, method, url, key, asked)

    def body(self) -> dict[str, Any]:
        """What forms and bodies may ask for; each takes what it knows."""
        known = {
            "section": self.warehouse.section_id,
            "fingerprint": self.warehouse.fingerprint,
            "deed": "make",
            "purpose": "Nightly",
        }
        known["responsible"] = str(self.warehouse.mate.pk)
        return {**BODY, **known}

    def named(self, name: str) -> Asker:
        """The asker of this name."""
        return next(asker for asker in self.askers if asker.name == name)

    def lead(self, asker: Asker, model: Any, key: Any, subject: Subject) -> Any:
        """What gives the object to whom it has to belong in this cell."""
        from apps.kernel.tenancy.context import inside
        from tests.authorization.objects import OWNERS, Place

        give = OWNERS.get(model)
        if give is None or subject.place != Place.HERE:
            return lambda: None
        owner = self.warehouse.owner(asker.person, subject.relation)

        def prepare() -> None:
            with inside(self.warehouse.home.tenant):
                give(key, owner, is_restricted=subject.is_restricted)

        return prepare


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Both organizations, everybody who asks, and time standing still."""
    limits = dict.fromkeys(_LIMITS, _ENOUGH)
    with django_db_blocker.unblock(), override_settings(**limits), transaction.atomic():
        home, neighbour = furnish(_tenant(TENANT_A)), furnish(_tenant(TENANT_B))
        everybody = askers(home, neighbour)
        warehouse = stock(home, neighbour)
        with time_machine.travel(datetime.now(UTC), tick=False):
            yield Stage(warehouse, everybody)
        transaction.set_rollback(True)
