"""Whatever a directory sends, the answer is a refusal in SCIM's form or an honest success: never a fault, never a change of half."""

from typing import Any
from urllib.parse import urlencode

import pytest

from apps.accounts.models import SCIMPerson, User
from tests.accounts.scim.conftest import ERROR, GROUP, PATCH, USER, Directory, lena

NUL, HALF = "\x00", "\ud800"
FILTERS = [
    "userName",
    "userName eq",
    'userName eq "',
    "userName eq x",
    'userName eq "x" and',
    'userName regex "x"',
    'nope eq "x"',
    'password eq "x"',
    'groups.display eq "x"',
    'userName eq "\\u0000"',
    'userName eq "\\ud800"',
    'userName eq "x\x00"',
    'emails[value eq "\\u0000"]',
    "userName gt 5",
    "active gt true",
    'active eq "maybe"',
    'id gt "x"',
    'id co "x"',
    "userName co null",
    'meta.created eq "yesterday"',
    'meta.created co "2020"',
    "(" * 900 + "userName pr" + ")" * 900 + "(",
    "not (" * 300 + "userName pr" + ")" * 300,
    " or ".join(["userName pr"] * 120),
    "a" * 3000,
    'emails[type eq "x"][value eq "y"]',
    'name[givenName eq "x"]',
    "'; drop table accounts_user; --",
    "$where eq 1",
    "emails[value eq 5]",
    "members[value eq true]",
    'urn:x:userName eq "x"',
    'schemas eq "x"',
    "emails[emails[value pr] pr]",
]
HONEST = [
    'userName eq "%"',
    'userName co "_"',
    'displayName co "\\\\"',
    'externalId gt "a"',
]
BODIES: list[Any] = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"5",
    b"NaN",
    b"\xff\xfe",
    b'{"a":' * 2000 + b"1" + b"}" * 2000,
    b"[" * 100_000,
    b'{"userName": "\\ud800", "schemas": []}',
    b'{"userName": "\\u0000x", "schemas": []}',
    b'{"userName": 1e999}',
    {},
    {"schemas": [USER]},
    {"schemas": "x", "userName": "x"},
    {"schemas": [USER], "userName": None},
    {"schemas": [USER], "userName": ""},
    {"schemas": [USER], "userName": " "},
    {"schemas": [USER], "userName": ["x"]},
    {"schemas": [USER], "userName": {"a": 1}},
    lena(userName="x" * 256),
    lena(externalId="x" * 256),
    lena(externalId=5),
    lena(active="maybe"),
    lena(active=[]),
    lena(emails="lena@example.com"),
    lena(emails=[5]),
    lena(emails=[{"value": 5}]),
    lena(emails=[{"value": "x" * 300 + "@example.com"}]),
    lena(emails=[{"value": f"p{n}@example.com"} for n in range(21)]),
    lena(emails=[{"value": "a@example.com", "primary": True}, {"value": "b@example.com", "primary": True}]),
    lena(name="Lena"),
    lena(name={"givenName": "x" * 300}),
    lena(displayName={"x": "y"}),
    lena(userName="lena@example.com\r\nBcc: x@example.com", emails=[]),
]
OPERATIONS: list[Any] = [
    None,
    5,
    [],
    [5],
    [{}],
    [{"op": "move", "path": "active"}],
    [{"op": 5}],
    [{"op": "remove"}],
    [{"op": "remove", "path": "userName"}],
    [{"op": "replace", "path": "userName", "value": None}],
    [{"op": "replace", "path": "id", "value": "x"}],
    [{"op": "replace", "path": "meta.created", "value": "x"}],
    [{"op": "replace", "path": "schemas", "value": []}],
    [{"op": "replace", "path": "emails[", "value": "x"}],
    [{"op": "replace", "path": 'emails[type eq "', "value": "x"}],
    [{"op": "replace", "path": 'emails[type co "x"].value', "value": "x"}],
    [{"op": "replace", "path": "(" * 900, "value": "x"}],
    [{"op": "replace", "path": "active", "value": "maybe"}],
    [{"op": "replace", "path": "active", "value": {"a": 1}}],
    [{"op": "replace", "path": "name", "value": "x"}],
    [{"op": "replace", "path": "name.familyName", "value": {"a": 1}}],
    [{"op": "replace", "value": "x"}],
    [{"op": "replace", "value": 5}],
    [{"op": "replace"}],
    [{"op": "add", "path": "emails", "value": "x"}],
    [{"op": "add", "path": "emails", "value": [[]]}],
    [{"op": "replace", "path": "displayName", "value": "kept?"}, {"op": "replace", "path": "userName", "value": ""}],
]


def check_refused(answer: Any) -> None:
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.content[:300])
    body = answer.json()
    assert body["schemas"] == [ERROR]
    assert body["status"] == str(answer.status_code)
    assert len(answer.content) < 1000


@pytest.mark.parametrize("expression", FILTERS, ids=range(len(FILTERS)))
def test_a_filter_that_means_nothing_is_refused(okta: Directory, expression: str) -> None:
    query = urlencode({"filter": expression})
    for kind in ("Users", "Groups"):
        check_refused(okta.ask("GET", f"/{kind}?{query}"))


def test_a_filter_with_signs_of_the_database_finds_what_it_says(okta: Directory) -> None:
    okta.ask("POST", "/Users", lena())
    for expression in HONEST:
        assert okta.find("Users", expression) == [], expression
    assert len(okta.find("Users", "(" * 400 + 'displayName co "a L"' + ")" * 400)) == 1


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_means_nothing_makes_and_changes_nobody(okta: Directory, body: Any) -> None:
    mine = okta.ask("POST", "/Users", lena(userName="mine@example.com", emails=[], externalId="mine")).json()["id"]
    people = sorted(User.objects.values_list("pk", "email", "name", "is_active"))
    check_refused(okta.ask("POST", "/Users", body))
    check_refused(okta.ask("PUT", f"/Users/{mine}", body))
    check_refused(okta.ask("PATCH", f"/Users/{mine}", body))
    assert sorted(User.objects.values_list("pk", "email", "name", "is_active")) == people


@pytest.mark.parametrize("operations", OPERATIONS, ids=range(len(OPERATIONS)))
def test_operations_that_mean_nothing_change_nothing(okta: Directory, operations: Any) -> None:
    mine = okta.ask("POST", "/Users", lena()).json()["id"]
    before = okta.ask("GET", f"/Users/{mine}").json()
    check_refused(okta.ask("PATCH", f"/Users/{mine}", {"schemas": [PATCH], "Operations": operations}))
    assert okta.ask("GET", f"/Users/{mine}").json() == before


@pytest.mark.parametrize(
    "body",
    [
        {"schemas": [GROUP]},
        {"schemas": [GROUP], "displayName": ""},
        {"schemas": [GROUP], "displayName": "x" * 256},
        {"schemas": [GROUP], "displayName": "g", "members": [{"value": "nonsense"}]},
        {"schemas": [GROUP], "displayName": "g", "members": [{}]},
        {"schemas": [GROUP], "displayName": "g", "members": "x"},
        {"schemas": [GROUP], "displayName": "g", "externalId": "x" * 300},
    ],
)
def test_a_group_that_means_nothing_is_refused(okta: Directory, body: Any) -> None:
    check_refused(okta.ask("POST", "/Groups", body))
    made = okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "mine"}).json()["id"]
    check_refused(okta.ask("PUT", f"/Groups/{made}", body))
    assert okta.ask("GET", f"/Groups/{made}").json()["displayName"] == "mine"


@pytest.mark.parametrize(
    "query",
    [
        "startIndex=x",
        "count=1.5",
        "count=x",
        "attributes=%00",
        "attributes=userName&excludedAttributes=active",
        "attributes=" + "a" * 3000,
        "excludedAttributes=emails%5Bvalue%20pr%5D",
    ],
)
def test_a_question_that_means_nothing_is_refused(okta: Directory, query: str) -> None:
    check_refused(okta.ask("GET", f"/Users?{query}"))


def test_pages_are_counted_from_one_and_never_longer_than_two_hundred(okta: Directory) -> None:
    for number in range(3):
        okta.ask("POST", "/Users", lena(userName=f"p{number}@example.com", emails=[], externalId=f"{number}"))

    def page(query: str) -> tuple[int, int, list[str]]:
        body = okta.ask("GET", f"/Users?{query}").json()
        assert body["itemsPerPage"] == len(body["Resources"])
        return body["totalResults"], body["startIndex"], [row["userName"][:2] for row in body["Resources"]]

    assert page("startIndex=1&count=2") == (3, 1, ["p0", "p1"])
    assert page("startIndex=3&count=2") == (3, 3, ["p2"])
    assert page("startIndex=-5&count=999999999") == (3, 1, ["p0", "p1", "p2"])
    assert page("count=0") == (3, 1, [])
    assert page("count=-1") == (3, 1, [])
    assert page(f"startIndex={'9' * 19}") == (3, 10_000_000, [])
    shown = okta.ask("GET", "/Users?attributes=userName&count=1").json()["Resources"][0]
    assert set(shown) == {"schemas", "id", "userName"}


def test_a_long_list_asks_the_database_few_questions(okta: Directory, django_assert_max_num_queries: Any) -> None:
    for number in range(4):
        okta.ask("POST", "/Users", lena(userName=f"p{number}@example.com", emails=[], externalId=f"{number}"))
    people = [{"value": str(key)} for key in SCIMPerson.objects.values_list("person_id", flat=True)]
    for name in "abc":
        okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": people})
    with django_assert_max_num_queries(16):
        assert okta.ask("GET", "/Users").json()["totalResults"] == 4
    with django_assert_max_num_queries(16):
        assert len(okta.ask("GET", "/Groups").json()["Resources"][2]["members"]) == 4


def test_what_is_not_there_and_what_is_not_supported_is_said_so(okta: Directory) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("GET", "/Users/nonsense", 404),
        ("GET", "/Users/", 404),
        ("GET", "/ResourceTypes/Pet", 404),
        ("GET", "/Schemas/urn:x", 404),
        ("POST", "/Bulk", 501),
        ("GET", "/Me", 501),
        ("POST", "/Users/.search", 501),
        ("DELETE", "/Users", 405),
        ("POST", "/ServiceProviderConfig", 405),
        ("GET", "/Schemas?filter=id+pr", 403),
    ):
        answer = okta.ask(method, path, {} if method == "POST" else None)
        assert (answer.status_code, answer.json()["schemas"], answer.json()["status"]) == (
            status,
            [ERROR],
            str(status),
        ), path
