"""The console: who signed in, who did not and why. It only reads, and only this machine reads it."""

from typing import Final

from lingpai.admin.apps import AppsAdmin
from lingpai.admin.people import PeopleAdmin
from lingpai.errors import Problem
from lingpai.errors.catalogue import NOT_FOUND
from lingpai.web.answering import Answer
from lingpai.web.call import Call
from lingpai.web.leaked_secrets import LeakedSecrets
from lingpai.web.pages.loopback import from_this_machine
from lingpai.web.pages.page import Site
from lingpai.web.pages.reader import query
from lingpai.web.pages.seen import Seen

ROWS: Final = 20
_LONGEST_SEARCH: Final = 200


class Console:
    """The pages under `/console`. Closed to all but this machine; every refusal looks like a missing page."""

    def __init__(self, site: Site, people: PeopleAdmin, apps: AppsAdmin, leaked: LeakedSecrets) -> None:
        self._site: Final = site
        self._people: Final = people
        self._apps: Final = apps
        self._leaked: Final = leaked

    async def overview(self, call: Call) -> Answer:
        """`GET /console`, and with `?q=` the people found."""
        self._guard(call)
        wanted = query(call).get("q", "")[:_LONGEST_SEARCH].strip()
        if wanted:
            found = await self._people.find(wanted, ROWS)
            return self._site.page(call, "found.html", here="console", wanted=wanted, users=found)
        apps = await self._apps.all()
        overview = await self._people.overview(ROWS)
        seen = Seen(apps, self._site.clock.now())
        return self._site.page(
            call,
            "console.html",
            here="console",
            wanted="",
            rows=ROWS,
            apps=apps,
            leaked={app.appid: self._leaked.last(app.appid, app.secret_version) for app in apps},
            overview=overview,
            logins=[seen.login(event) for event in overview.logins],
            sessions=[seen.session(session) for session in overview.sessions],
            names={user.id: user.nickname for user in overview.users},
        )

    async def person(self, call: Call) -> Answer:
        """`GET /console/users/{id}`. Raises Problem not_found."""
        self._guard(call)
        person = await self._people.show(call.params["id"])
        if person is None:
            raise Problem(NOT_FOUND)
        seen = Seen(await self._apps.all(), self._site.clock.now())
        return self._site.page(
            call,
            "person.html",
            here="console",
            wanted="",
            user=person.user,
            identities=[(seen.app(identity.appid), identity) for identity in person.identities],
            sessions=[seen.session(session) for session in person.sessions],
            logins=[seen.login(event) for event in person.logins],
        )

    def _guard(self, call: Call) -> None:
        if not self._site.console_open or not from_this_machine(call):
            raise Problem(NOT_FOUND)
