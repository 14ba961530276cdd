"""Nothing is reached that does not say who may: addresses, pages of the administration, tasks, stages, and what goes over a socket.

A failure here says what to write, and where.
"""

import ast
from pathlib import Path

from celery import current_app
from django.urls import get_resolver

from apps.accounts.capabilities import Door, Relation, RoleName, Whose
from apps.accounts.management.declared_routes import declared_models, declared_routes
from apps.kernel.events.catalogue import known_events
from apps.kernel.jobs.stages import known_stages
from tests.authorization.objects import OWNERS
from tests.authorization.test_admin import PLATFORM_PAGES, SITE_PAGES
from tests.authorization.test_open_addresses import KEYS
from tests.authorization.test_provisioning import KINDS
from tests.isolation.routes import OBJECTS, all_routes

ROOT = Path(__file__).resolve().parents[2]
# On whose word a task works. It carries its organization, signed (tests/kernel/test_tenancy_tasks.py forges each of them).
TASKS = {
    "accounts.send_invitation": "whoever invited: MANAGE_ORGANIZATION, asked before the invitation was written",
    "accounts.send_reset_link": "nobody: anybody may ask for a link, which goes to the account's own address alone",
    "accounts.send_token_reused": "nobody: the person whose token came back is told",
    "accounts.send_factor_changed": "nobody: the person whose second factor was changed is told",
    "accounts.send_sign_in_stopped": "nobody: the person and the administrators are told of a sign-in that was stopped",
    "accounts.send_step_up_code": "nobody: the code goes to the account's own address alone, for a sign-in that waits for it",
    "accounts.remind_of_keys": "nobody: housekeeping, organization by organization",
    "accounts.send_key_ends_soon": "nobody: who has the care of a key is told when it ends",
    "accounts.send_accounts_orphaned": "nobody: administrators are told of service accounts that nobody is responsible for",
    "accounts.watch_all_providers": "nobody: asks for each organization whether its providers' certificates and metadata still hold",
    "accounts.watch_providers": "nobody: the same, inside one organization",
    "accounts.send_certificate_ending": "nobody: administrators are told of their own connection",
    "accounts.send_metadata_not_taken": "nobody: administrators are told of their own connection",
    "accounts.ask_directories": "nobody: asks for each organization its directory for those who have left",
    "accounts.ask_directory": "nobody: the same, inside one organization",
    "accounts.remove_expired": "nobody: housekeeping, organization by organization",
    "events.prune": "nobody: housekeeping, organization by organization",
    "jobs.run_stage": "whoever began the job: UPLOAD_DOCUMENTS or RUN_ANALYSIS, asked before the job was written",
    "jobs.sweep": "nobody: lets jobs go on that were begun, organization by organization",
}
# What a stage changes was allowed when its job was begun.
STAGES = {
    "accounts.invite": "MANAGE_ORGANIZATION",
    "documents.extract": "UPLOAD_DOCUMENTS",
    "documents.divide": "UPLOAD_DOCUMENTS",
    "analysis.run": "UPLOAD_DOCUMENTS or RUN_ANALYSIS",
    "analysis.ask_model": "UPLOAD_DOCUMENTS or RUN_ANALYSIS",
    "analysis.replay": "RUN_ANALYSIS",
    "feedback.draft": "UPLOAD_DOCUMENTS or RUN_ANALYSIS",
}
# What a browser may send, and what it is told; the door lets in whoever has a living session (tests/kernel/test_stream_socket.py).
FRAMES = {"resume", "ping"}
# Lines that everybody of the organization hears: ids and states, never a name or a word of a document.
HEARD_BY_EVERYBODY = {
    "document.uploaded",
    "document.purged",
    "document.analysis.progress",
    "feedback.added",
    "feedback.decided",
    "feedback.drafted",
    "feedback.removed",
    "feedback.review_closed",
}
_PLAIN = {"UUID", "UUID | None", "int", "bool", "datetime", "ItemState", "Verdict", "JobState", "StageState"}
# Text, but one of few words that the code knows.
_FROM_A_LIST = {("ItemDecided", "verdict")}


def test_every_address_declares_who_may_enter_and_with_whose_objects() -> None:
    missing = [sentence for route in declared_routes() if (sentence := route.missing())]
    assert not missing, "\n" + "\n".join(missing)
    assert len(declared_routes()) > 150


def test_every_address_of_the_resolver_is_known_to_the_matrix() -> None:
    """Two walks through the resolver, by different hands, find the same."""
    walked = {route.name for route in all_routes() if not route.is_admin}
    assert walked == {route.name for route in declared_routes()}
    unnamed = [route.path for route in declared_routes() if not route.name or route.name.endswith(":")]
    assert unnamed == [], "give the address a name"


def test_every_key_in_an_address_is_of_a_known_kind() -> None:
    unknown = [
        f"{route.path} ({route.name}): {parameter} is no key in OBJECTS of tests/isolation/routes.py"
        for route in declared_routes()
        for parameter in route.parameters
        if route.door not in {Door.OPEN, Door.PROVISIONING} and parameter not in OBJECTS
    ]
    unknown += [
        f"{route.path} ({route.name}): say in KEYS of test_open_addresses.py what opens it"
        for route in declared_routes()
        if route.door == Door.OPEN and route.parameters and route.name not in KEYS
    ]
    unknown += [
        f"{route.path} ({route.name}): say in KINDS of test_provisioning.py what {parameter} is the key of"
        for route in declared_routes()
        for parameter in route.parameters
        if route.door == Door.PROVISIONING and parameter not in KINDS
    ]
    assert not unknown, "\n" + "\n".join(unknown)


def test_what_has_an_owner_by_its_rule_can_change_hands_in_the_matrix() -> None:
    """Without a line in OWNERS the objects of teammates and colleagues would be one's own, and the cells would prove nothing."""
    unowned = [
        f"{route.path} ({route.name}): its objects are {route.whose}; say in OWNERS of objects.py how one changes hands"
        for route in declared_routes()
        if route.door in {Door.PAGE, Door.ENDPOINT} and route.parameters and route.whose not in {None, Whose.EVERYBODYS}
        if OBJECTS.get(route.parameters[0]) not in OWNERS
    ]
    assert not unowned, "\n" + "\n".join(unowned)


def test_every_model_of_the_administration_says_what_it_offers() -> None:
    missing = [sentence for model in declared_models() if (sentence := model.missing())]
    assert not missing, "\n" + "\n".join(missing)
    known = {name for model in declared_models() for name in _pages_of(model.label)}
    others = {route.name for route in all_routes() if route.is_admin} - known - set(SITE_PAGES) - set(PLATFORM_PAGES)
    assert not others, f"say in SITE_PAGES of test_admin.py who may see {sorted(others)}"


def _pages_of(label: str) -> list[str]:
    stem = f"admin:{label.replace('.', '_')}_"
    return [f"{stem}{page}" for page in ("changelist", "add", "change", "delete", "history")]


def test_every_task_says_on_whose_word_it_works() -> None:
    current_app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if not name.startswith(("celery.", "test."))}
    assert ours - set(TASKS) == set(), "say it in TASKS"
    assert set(TASKS) - ours == set(), "these are gone"


def test_every_stage_says_which_capability_its_job_was_begun_with() -> None:
    ours = {name for name in known_stages() if not name.startswith(("test.", "poison"))}
    assert ours - set(STAGES) == set(), "say it in STAGES"


def test_every_frame_that_a_browser_may_send_is_known() -> None:
    """Read from the socket's code: whatever it compares a frame's type with."""
    source = (ROOT / "apps/kernel/events/consumers.py").read_text(encoding="utf-8")
    compared = {
        constant.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare) and '["type"]' in ast.unparse(node.left).replace("'", '"')
        for constant in node.comparators
        if isinstance(constant, ast.Constant)
    }
    assert compared - {"websocket.disconnect"} == FRAMES


def test_every_line_of_the_stream_says_who_hears_it() -> None:
    ours = [kind for kind in known_events().values() if kind.__module__.startswith("apps.")]
    told = {kind.stream_type for kind in ours if kind.stream_type}
    assert told - HEARD_BY_EVERYBODY == set(), (
        "say in HEARD_BY_EVERYBODY that it names nothing, or send it to one person"
    )


def test_a_line_that_everybody_hears_holds_nothing_that_could_be_read() -> None:
    """A restricted document's name, or a remark's words, would go to people who may not see them."""
    spoken = [
        f"{kind.__qualname__}.{name}: {hint}"
        for kind in known_events().values()
        if kind.stream_type in HEARD_BY_EVERYBODY
        for name, hint in kind.__annotations__.items()
        if "ClassVar" not in str(hint) and _plain_name(hint) not in _PLAIN and not str(hint).startswith("tuple")
        if (kind.__qualname__, name) not in _FROM_A_LIST
    ]
    assert spoken == []


def _plain_name(hint: object) -> str:
    return getattr(hint, "__name__", str(hint)) if not isinstance(hint, str) else hint


def test_the_rules_differ_where_they_should() -> None:
    """The table of rules as a page shows it: each rule is told from every other one by some cell."""
    from itertools import product

    from apps.accounts.capabilities import reach

    def row(whose: Whose) -> tuple[str, ...]:
        cells = product(RoleName, Relation, (False, True), (False, True))
        return tuple(
            reach(role, whose, relation, is_restricted=restricted, manages=manages).value
            for role, relation, restricted, manages in cells
        )

    rows = [row(whose) for whose in Whose]
    assert len(set(rows)) == len(rows)


def test_the_resolver_that_is_walked_is_the_products(settings: object) -> None:
    assert getattr(settings, "ROOT_URLCONF", "") == get_resolver().urlconf_name
