"""The stream by polling: the same lines for a browser without a socket."""

import pytest

from apps.kernel.events.stream import emit


def test_polling_gives_what_is_new_and_mine(tenant_a, cast_a, client_for):
    client = client_for(cast_a.analyst, tenant_a)
    start = client.get("/stream/").json()["last_seq"]
    first = emit("test.said", {"number": 1})
    emit("test.said", {"number": 2}, recipient_id=cast_a.viewer.pk)
    third = emit("test.said", {"number": 3}, recipient_id=cast_a.analyst.pk)

    answer = client.get("/stream/", {"after": start}).json()
    assert [line["seq"] for line in answer["events"]] == [first, third]
    assert (answer["last_seq"], answer["resync"]) == (third, False)
    assert client.get("/stream/", {"after": third}).json()["events"] == []


def test_a_long_absence_is_served_in_pages(tenant_a, cast_a, client_for):
    client = client_for(cast_a.analyst, tenant_a)
    after = client.get("/stream/").json()["last_seq"]
    sent = [emit("test.said", {"number": number}) for number in range(250)]
    seen = []
    for _ in range(2):
        answer = client.get("/stream/", {"after": after}).json()
        seen += [line["seq"] for line in answer["events"]]
        after = answer["last_seq"]
    assert seen == sent


def test_who_is_ahead_of_the_stream_is_told_to_load_anew(tenant_a, cast_a, client_for):
    answer = client_for(cast_a.analyst, tenant_a).get("/stream/", {"after": 10**12}).json()
    assert answer["resync"] is True


def test_nobody_gets_401_not_a_page(tenant_a, anonymous_client):
    answer = anonymous_client(tenant_a).get("/stream/", {"after": 0})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "٣", "9" * 30, ""])
def test_a_number_that_is_none_is_refused(tenant_a, cast_a, client_for, after):
    answer = client_for(cast_a.analyst, tenant_a).get("/stream/", {"after": after}, HTTP_ACCEPT="application/json")
    assert answer.status_code == 400
