"""ETag: nobody loads the same twice, nobody overwrites what they have not seen."""

from typing import Any

import pytest

from apps.feedback.models import Item
from tests.api.conftest import API, items_of, send


def _addresses(client: Any, document: dict[str, Any]) -> list[str]:
    links = document["_links"]
    item = items_of(client, document)[0]
    send(client, "post", item["_links"]["accept"])
    export = client.post(links["exports"], content_type="application/json").json()
    key = send(client, "post", f"{API}/api-keys/", {"name": "K", "scopes": ["read_documents"]}).json()
    framework = client.get(f"{API}/frameworks/").json()["results"][0]
    own = [one["_links"]["self"] for one in (document, item, export, key, framework)]
    job = client.get(links["job"]).json()["_links"]["self"]
    return [*own, job, links["job"], links["analysis"], links["review"], f"{links['review']}preview/", f"{API}/me/"]


def test_an_unchanged_thing_is_not_sent_again(analyst: Any, document: dict[str, Any]) -> None:
    for url in _addresses(analyst, document):
        tag = analyst.get(url)["ETag"]
        for header in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            again = analyst.get(url, headers={"If-None-Match": header})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag), (url, header)
        assert analyst.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_tag_changes_with_anything_that_is_shown(analyst: Any, document: dict[str, Any]) -> None:
    """word_count and state come from other rows than the document's own: a stale 304 would hide them."""
    before = analyst.get(document["_links"]["self"])
    from apps.documents.models import Version

    Version.objects.update(word_count=7)
    after = analyst.get(document["_links"]["self"], headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after.json()["word_count"]) == (200, 7)


def test_a_change_says_what_it_is_based_on(analyst: Any, document: dict[str, Any]) -> None:
    url = document["_links"]["self"]
    read = analyst.get(url)["ETag"]
    bare = send(analyst, "patch", url, {"name": "a.docx"})
    assert (bare.status_code, bare.json()["code"]) == (428, "precondition_required")
    changed = send(analyst, "patch", url, {"name": "a.docx"}, If_Match=read)
    assert (changed.status_code, changed.json()["name"]) == (200, "a.docx")
    for stale in (read, '"other"', "W/" + changed["ETag"], "", '""'):
        refused = send(analyst, "patch", url, {"name": "b.docx"}, If_Match=stale)
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed"), stale
    assert analyst.get(url).json()["name"] == "a.docx"
    assert send(analyst, "patch", url, {"name": "b.docx"}, If_Match=changed["ETag"]).status_code == 200
    assert send(analyst, "patch", url, {"name": "c.docx"}, If_Match="*").status_code == 200


@pytest.mark.parametrize("deed", ["accept", "reject", "reword", "revert"])
def test_a_decision_may_say_what_it_is_based_on(
    analyst: Any, team_lead: Any, document: dict[str, Any], deed: str
) -> None:
    item = items_of(analyst, document)[0]["_links"]
    body = {"description": "In other words."} if deed == "reword" else {}
    read = analyst.get(item["self"])["ETag"]
    send(team_lead, "post", item["accept"])
    refused = send(analyst, "post", item[deed], body, If_Match=read)
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    assert Item.objects.get(revision=1).state == "accepted"
    assert send(analyst, "post", item[deed], body, If_Match=analyst.get(item["self"])["ETag"]).status_code == 200


def test_rewording_by_patch_needs_the_version(analyst: Any, document: dict[str, Any]) -> None:
    url = items_of(analyst, document)[0]["_links"]["self"]
    assert send(analyst, "patch", url, {"description": "x"}).status_code == 428
    answer = send(analyst, "patch", url, {"description": "x"}, If_Match=analyst.get(url)["ETag"])
    assert (answer.json()["description"], answer["ETag"]) == ("x", analyst.get(url)["ETag"])


def test_a_deletion_may_say_what_it_is_based_on(analyst: Any, document: dict[str, Any]) -> None:
    url = document["_links"]["self"]
    read = analyst.get(url)["ETag"]
    send(analyst, "patch", url, {"name": "a.docx"}, If_Match=read)
    assert send(analyst, "delete", url, If_Match=read).status_code == 412
    assert analyst.delete(url).status_code == 204
