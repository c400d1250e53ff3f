"""Words: every code of a digest in the reader's language, from the one message catalogue.

The message ids are the English words. `locale/babel.cfg` says how the catalogue is made; a second language is a
translated copy of it.
"""

from __future__ import annotations

import datetime as dt
import gettext as catalogues
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from differ.changes import Kind, Severity
from snapshots.category import EntityType, ReferenceRole
from snapshots.notice import Action
from snapshots.period import Basis
from snapshots.record import Outcome
from templates.cards import Card, Fact, Status
from templates.digest import Digest, KindCount, Moment
from templates.pages import CoverageRow, SourceRow
from templates.rows import Row
from templates.summary import SummaryPart

Language = Literal["en", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans")

_LOCALE = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - the name that extractors look for
    """The message itself, marked as one to translate where it is shown."""
    return message


_KINDS: dict[Kind, str] = {
    "new": N_("New"),
    "adjusted": N_("Adjusted"),
    "removed": N_("Removed"),
    "renamed": N_("Renamed"),
    "moved": N_("Moved"),
    "merged": N_("Merged"),
    "split": N_("Split"),
    "retracted": N_("Retracted"),
    "restated": N_("Restated"),
    "first_seen": N_("First seen"),
}
_COUNTS: dict[Kind, str] = {
    "new": N_("%(count)d new"),
    "adjusted": N_("%(count)d adjusted"),
    "removed": N_("%(count)d removed"),
    "renamed": N_("%(count)d renamed"),
    "moved": N_("%(count)d moved"),
    "merged": N_("%(count)d merged"),
    "split": N_("%(count)d split"),
    "retracted": N_("%(count)d retracted"),
    "restated": N_("%(count)d restated"),
    "first_seen": N_("%(count)d first seen"),
}
_ENTITY_TYPES: dict[EntityType | None, str] = {
    "non_personal": N_("Non-personal entities"),
    "personal": N_("Personal entities"),
    "overseas": N_("Overseas entities"),
    None: N_("Entity type not stated"),
}
_BASES: dict[Basis, str] = {
    "effective": N_("the date the page states"),
    "period_end": N_("the end of the notice's period"),
    "published": N_("the day it was published"),
    "captured": N_("the day it was captured"),
}
_CLAIMS: dict[Action, str] = {
    "added": N_("the page says: added"),
    "adjusted": N_("the page says: adjusted"),
    "removed": N_("the page says: removed"),
    "renamed": N_("the page says: renamed"),
    "moved": N_("the page says: moved"),
    "merged": N_("the page says: merged"),
    "split": N_("the page says: split"),
    "listed": N_("the page lists it"),
}
_PARTS: dict[str, str] = {
    "requirement": N_("Requirement"),
    "papers": N_("Papers named"),
    "application": N_("How to apply"),
    "scope": N_("Scope"),
    "notes": N_("Notes"),
    "references": N_("Other categories"),
    "unsupported": N_("Not supported"),
    "regions": N_("Regions"),
    "attributes": N_("Other columns"),
}
_ROLES: dict[ReferenceRole | None, str] = {
    "also_needed": N_("also needed"),
    "choose": N_("to be chosen"),
    "choose_instead": N_("to be chosen instead"),
    None: N_("see also"),
}
_SEVERITIES: dict[Severity, str] = {
    "error": N_("error"),
    "warning": N_("warning"),
    "info": N_("remark"),
}
_OUTCOMES: dict[Outcome | None, str] = {
    "new": N_("brought news"),
    "unchanged": N_("unchanged"),
    "failed": N_("could not be read"),
    None: N_("not tried yet"),
}


class Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        """Load the language's catalogue; English needs none."""
        self.language = language
        self.translations: catalogues.NullTranslations = (
            catalogues.NullTranslations()
            if language == "en"
            else catalogues.translation("noticediff", _LOCALE, [language.replace("-", "_")])
        )
        self._gettext = self.translations.gettext

    def title(self, digest: Digest) -> str:
        """What the digest is about, in one line."""
        gettext = self._gettext
        span = _write_span(digest.since, digest.until)
        match digest.heading, digest.since, digest.until:
            case "diff", None, _:
                return gettext("Category rules: everything in force on %(until)s") % span
            case "diff", _, _:
                return gettext("Category rules: changes from %(since)s to %(until)s") % span
            case _, None, _:
                return gettext("Category rules: everything learned so far")
            case _, _, None:
                return gettext("Category rules: learned since %(since)s") % span
            case _:
                return gettext("Category rules: learned from %(since)s to %(until)s") % span

    def kind(self, kind: Kind) -> str:
        """The kind of a change."""
        return self._gettext(_KINDS[kind])

    def counts(self, counts: Sequence[KindCount]) -> str:
        """「13 new, 20 adjusted, 0 removed」."""
        return self._gettext(", ").join(self._gettext(_COUNTS[part.kind]) % {"count": part.count} for part in counts)

    def entity_type(self, entity_type: EntityType | None) -> str:
        """Who applies."""
        return self._gettext(_ENTITY_TYPES[entity_type])

    def basis(self, basis: Basis) -> str:
        """What an in-force date rests on."""
        return self._gettext(_BASES[basis])

    def status(self, status: Status) -> str:
        """Where a change stands, with its date."""
        gettext = self._gettext
        date = {"date": status.date.isoformat()}
        match status.code:
            case "coming":
                return gettext("coming: in force from %(date)s") % date
            case "in_force":
                return gettext("in force since %(date)s") % date
            case "since":
                return gettext("already in force since %(date)s") % date

    def claim(self, card: Card) -> str:
        """What the page says that happened to the category, beside what was observed."""
        if card.claimed is None:
            return self._gettext("observed; no notice says so")
        return self._gettext(_CLAIMS[card.claimed])

    def fact(self, fact: Fact) -> str:
        """A sentence about one change."""
        gettext = self._gettext
        papers = {"papers": gettext(", ").join(f"《{title}》" for title in fact.titles)}
        match fact.code:
            case "asks_also":
                return gettext("now also asks for %(papers)s") % papers
            case "names_also":
                return gettext("now also names %(papers)s, in one option of a choice") % papers
            case "names_no_longer":
                return gettext("no longer names %(papers)s") % papers
            case "returned":
                return gettext("was removed earlier and is back")
            case "closed_beta":
                return gettext("in closed beta")
            case "closed_beta_begins":
                return gettext("now in closed beta")
            case "closed_beta_ends":
                return gettext("no longer in closed beta")
            case "earlier_unknown":
                return gettext("earlier state not known")

    def summary(self, part: SummaryPart) -> str:
        """One fact of the summary."""
        gettext, ngettext = self.translations.gettext, self.translations.ngettext
        count, one_day = part.count, part.first == part.last
        match part.code:
            case "coming" if one_day:
                words = gettext("%(count)d coming on %(first)s")
            case "coming":
                words = gettext("%(count)d coming, the first on %(first)s, the last on %(last)s")
            case "in_force" if one_day:
                words = gettext("%(count)d in force since %(first)s")
            case "in_force":
                words = gettext("%(count)d in force, the first since %(first)s, the last since %(last)s")
            case "since" if one_day:
                words = gettext("%(count)d already in force since %(first)s")
            case "since":
                words = gettext("%(count)d already in force, the first since %(first)s, the last since %(last)s")
            case "asks_also":
                words = ngettext(
                    "%(count)d category asks for a paper that it did not ask for before",
                    "%(count)d categories ask for a paper that they did not ask for before",
                    count,
                )
            case "names_also":
                words = ngettext(
                    "%(count)d category names another paper to choose from",
                    "%(count)d categories name another paper to choose from",
                    count,
                )
            case "names_no_longer":
                words = ngettext(
                    "%(count)d category no longer names a paper that it named before",
                    "%(count)d categories no longer name a paper that they named before",
                    count,
                )
            case "closed_beta":
                words = gettext("%(count)d in closed beta")
            case "returned":
                words = ngettext("%(count)d is back after a removal", "%(count)d are back after a removal", count)
            case "earlier_unknown":
                words = gettext("%(count)d whose earlier state is not known")
            case "findings":
                words = ngettext("%(count)d finding to look at", "%(count)d findings to look at", count)
            case "failed":
                words = ngettext(
                    "%(count)d source could not be read when it was last tried",
                    "%(count)d sources could not be read when they were last tried",
                    count,
                )
        return words % {"count": count, "first": write_moment(part.first), "last": write_moment(part.last)}

    def part(self, name: str) -> str:
        """The heading of a block; a field that has no words of its own keeps its name."""
        return self._gettext(_PARTS[name]) if name in _PARTS else name

    def head(self, row: Row) -> str:
        """What the head of a list asks: all of it, one of it, two of three."""
        if row.kind == "all_of":
            return self._gettext("all of")
        if row.n == 1:
            return self._gettext("one of")
        return self._gettext("%(n)d of %(total)d") % {"n": row.n, "total": row.total}

    def role(self, role: ReferenceRole | None) -> str:
        """What a reference asks."""
        return self._gettext(_ROLES[role])

    def severity(self, severity: Severity) -> str:
        """How grave a finding is."""
        return self._gettext(_SEVERITIES[severity])

    def outcome(self, source: SourceRow) -> str:
        """How the last capture of a source went."""
        words = self._gettext(_OUTCOMES[source.outcome])
        if source.outcome != "failed" or source.last_run is None:
            return words
        return self._gettext("%(outcome)s on %(date)s") % {"outcome": words, "date": write_moment(source.last_run)}

    def age(self, days: int | None) -> str:
        """How long ago, in days; None is never."""
        if days is None:
            return self._gettext("never")
        if days <= 0:
            return self._gettext("today")
        return self.translations.ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}

    def coverage(self, row: CoverageRow) -> str:
        """How much is known of a scope."""
        gettext = self._gettext
        scope = row.platform
        if row.entity_type is not None:
            scope = gettext("%(platform)s, %(entity_type)s") % {
                "platform": row.platform,
                "entity_type": gettext(_ENTITY_TYPES[row.entity_type]),
            }
        if row.level == "complete":
            return gettext("%(scope)s: complete, a catalogue has listed all of it") % {"scope": scope}
        return gettext("%(scope)s: partial, only what notices and lists named is known") % {"scope": scope}

    def lines(self, lines: tuple[int, int]) -> str:
        """Where on a page a claim stands."""
        first, last = lines
        if first == last:
            return self._gettext("line %(first)d") % {"first": first}
        return self._gettext("lines %(first)d–%(last)d") % {"first": first, "last": last}


def _write_span(since: Moment | None, until: Moment | None) -> dict[str, str]:
    """Both ends as days, unless they are two times of one day."""
    days = [moment.date() if isinstance(moment, dt.datetime) else moment for moment in (since, until)]
    if days[0] == days[1]:
        return {"since": write_moment(since), "until": write_moment(until)}
    return {"since": write_moment(days[0]), "until": write_moment(days[1])}


def write_moment(moment: Moment | None) -> str:
    """A date as it is, a time to the minute in UTC; nothing for None."""
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime):
        return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    return moment.isoformat()
