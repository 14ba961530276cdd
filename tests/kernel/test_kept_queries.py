"""A kept query finds what its queryset would find, for whoever asks: only the making of its SQL is saved."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import ApiKey, User
from apps.accounts.services.use_api_key import use_api_key
from apps.kernel.clock import now
from apps.kernel.kept_queries import KeptQuery
from apps.kernel.tenancy.context import inside

APART = timedelta(seconds=1)


def with_role(*, role: str) -> QuerySet[User]:
    return User.objects.filter(role=role).order_by("id")


def made_after(rows: QuerySet[User], *, after: Any) -> QuerySet[User]:
    return rows.filter(created_at__gt=after)


def keys_of(*, owner_id: UUID) -> QuerySet[ApiKey]:
    return ApiKey.objects.select_related("owner").filter(owner=owner_id).annotate(twice=F("name")).defer("digest")


def with_name_in_lower_case(*, name: str) -> QuerySet[User]:
    return User.objects.filter(name__icontains=name)


def with_first_answer(*, role: str) -> QuerySet[User]:
    return User.objects.annotate(said=Value("x")) if role.endswith("0") else User.objects.filter(role=role)


def everyone_whatever_is_said(*, role: str) -> QuerySet[User]:
    del role
    return User.objects.all()


def nobody() -> QuerySet[User]:
    return User.objects.none()


def with_teams() -> QuerySet[User]:
    return User.objects.prefetch_related("teams")


def numbered(*, number: int) -> QuerySet[User]:
    return User.objects.filter(session_epoch=number)


def test_each_value_is_asked_for_itself(cast_a: Any) -> None:
    for person in (*cast_a.everyone, *cast_a.everyone):
        assert KeptQuery(User, with_role, values={"role": person.role}).rows() == [person]
    assert KeptQuery(User, with_role, values={"role": "'; DROP TABLE accounts_user; --"}).rows() == []


def test_each_organization_is_answered_from_its_own_rows(both_tenants: Any) -> None:
    """The SQL is shared by all of them: with a schema's name in it, everybody would read the first one's rows."""
    seen = []
    for tenant in (*both_tenants, *both_tenants):
        with inside(tenant):
            User.objects.filter(role="analyst").update(name=f"of {tenant.slug}")
            found = KeptQuery(User, with_role, values={"role": "analyst"}).first()
            assert found is not None
            seen.append(found.name)
    assert seen == ["of alpha", "of beta"] * 2


def test_a_key_of_one_organization_is_none_in_the_other(both_tenants: Any, cast_a: Any) -> None:
    from apps.accounts.capabilities import Capability
    from apps.accounts.services.issue_api_key import issue_api_key

    token = issue_api_key(cast_a.analyst, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    for _ in range(2):
        found = use_api_key(token)
        assert found is not None
        assert found.owner == cast_a.analyst
        with inside(both_tenants[1]):
            assert use_api_key(token) is None


def test_the_rows_are_those_of_the_queryset_down_to_each_attribute(cast_a: Any) -> None:
    for n in range(3):
        ApiKey.objects.create(
            owner=cast_a.analyst,
            name=f"K{n}",
            prefix="aip_x",
            digest=f"{n:064}",
            scopes=["a"],
            expires_at=now() + APART,
        )
    query = KeptQuery(ApiKey, keys_of, values={"owner_id": cast_a.analyst.pk}).narrowed(by_name)
    for found, plain in zip(query.rows(), query.queryset(), strict=True):
        assert {**found.__dict__, "_state": 0} == {**plain.__dict__, "_state": 0}
        assert found.owner.__dict__.keys() == plain.owner.__dict__.keys()
        assert found.get_deferred_fields() == {"digest"}
        assert found._state.db == plain._state.db
        assert not found._state.adding


def by_name(rows: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
    return rows.order_by("-name")


def test_a_narrowed_query_takes_the_values_of_both_steps(cast_a: Any) -> None:
    person = cast_a.viewer
    query = KeptQuery(User, with_role, values={"role": person.role})
    assert query.narrowed(made_after, values={"after": person.created_at - APART}).rows() == [person]
    assert query.narrowed(made_after, values={"after": person.created_at + APART}).rows() == []


def test_what_is_known_is_not_asked_for(cast_a: Any) -> None:
    ApiKey.objects.create(
        owner=cast_a.analyst, name="K", prefix="aip_x", digest="0" * 64, scopes=["a"], expires_at=now() + APART
    )
    query = KeptQuery(ApiKey, only_keys_of, values={"owner_id": cast_a.analyst.pk}, known={"owner": cast_a.analyst})
    for key in (*query.rows(), *query.queryset()):
        with CaptureQueriesContext(connection) as asked:
            assert key.owner is cast_a.analyst
        assert len(asked) == 0


def only_keys_of(*, owner_id: UUID) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(owner=owner_id)


def test_a_function_that_carries_something_along_is_refused(cast_a: Any) -> None:
    """It would be asked once, and its answer's SQL, with one person's id in it, kept for everybody."""
    person = cast_a.analyst

    def own() -> QuerySet[User]:
        return User.objects.filter(pk=person.pk)

    def with_default(role: str = person.role) -> QuerySet[User]:
        return User.objects.filter(role=role)

    def with_named_default(*, role: str = person.role) -> QuerySet[User]:
        return User.objects.filter(role=role)

    for build in (own, with_default, with_named_default, partial(with_role, role="viewer"), person.save):
        with pytest.raises(TypeError, match="plain function"):
            KeptQuery(User, build)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="plain function"):
            KeptQuery(User, nobody).narrowed(build)  # type: ignore[arg-type]


@pytest.mark.parametrize("build", [with_name_in_lower_case, with_first_answer, everyone_whatever_is_said])
def test_a_value_that_changes_the_sql_or_does_not_reach_it_is_refused(cast_a: Any, build: Any) -> None:
    values = {"name": "x"} if build is with_name_in_lower_case else {"role": "x"}
    with pytest.raises(ValueError, match="value"):
        KeptQuery(User, build, values=values).rows()


def test_rows_of_further_queries_are_refused(cast_a: Any) -> None:
    with pytest.raises(ValueError, match="joins"):
        KeptQuery(User, with_teams).rows()


def test_a_query_that_can_find_nothing_finds_nothing(cast_a: Any) -> None:
    assert KeptQuery(User, nobody).rows() == []


@pytest.mark.parametrize("number", [0, 5, -1, 2**31 - 1, 2**31, -(2**63), 10**30])
def test_a_number_too_large_for_its_column_finds_nothing_as_ever(cast_a: Any, number: int) -> None:
    User.objects.filter(pk=cast_a.analyst.pk).update(session_epoch=5)
    query = KeptQuery(User, numbered, values={"number": number})
    assert query.rows() == list(query.queryset())
    assert (cast_a.analyst in query.rows()) is (number == 5)


def test_an_unknown_id_finds_nothing_and_makes_nothing_anew(cast_a: Any) -> None:
    from apps.kernel import kept_queries

    before = len(kept_queries._plans)
    for _ in range(3):
        assert KeptQuery(ApiKey, only_keys_of, values={"owner_id": uuid4()}).rows() == []
    assert len(kept_queries._plans) <= before + 1


def test_a_model_that_is_made_in_a_way_of_its_own_is_refused(cast_a: Any) -> None:
    """What it does when it is made would be left out."""

    def listen(**_: Any) -> None:
        return None

    post_init.connect(listen, sender=User)
    try:
        with pytest.raises(ValueError, match="way of its own"):
            KeptQuery(User, with_epoch_and_role, values={"role": "viewer"}).rows()
    finally:
        post_init.disconnect(listen, sender=User)
    assert KeptQuery(User, with_epoch_and_role, values={"role": "viewer"}).rows() == [cast_a.viewer]


def with_epoch_and_role(*, role: str) -> QuerySet[User]:
    return User.objects.filter(role=role, session_epoch__gte=0)


def test_what_was_found_can_be_changed_and_saved(cast_a: Any) -> None:
    found = KeptQuery(User, with_role, values={"role": "viewer"}).first()
    assert found is not None
    found.name = "Vera"
    found.save()
    assert User.objects.get(pk=cast_a.viewer.pk).name == "Vera"
    assert User.objects.count() == len(cast_a.everyone)


def test_a_time_without_a_zone_is_left_to_django(cast_a: Any) -> None:
    """A cursor that somebody wrote by hand can hold one; Django gives it a zone, and says so."""
    person = cast_a.viewer
    query = KeptQuery(User, with_role, values={"role": person.role})
    for shift, found in ((timedelta(hours=-2), [person]), (timedelta(hours=2), [])) * 2:
        naive = (person.created_at + shift).replace(tzinfo=None)
        with pytest.warns(RuntimeWarning, match="naive datetime"):
            assert query.narrowed(made_after, values={"after": naive}).rows() == found


def test_an_id_that_is_written_as_text_finds_the_same(cast_a: Any) -> None:
    assert KeptQuery(User, with_id, values={"person_id": str(cast_a.viewer.pk)}).rows() == [cast_a.viewer]
    assert KeptQuery(User, with_id, values={"person_id": cast_a.viewer.pk}).rows() == [cast_a.viewer]
    with pytest.raises(ValidationError):
        KeptQuery(User, with_id, values={"person_id": "none"}).rows()


def with_id(*, person_id: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=person_id)
