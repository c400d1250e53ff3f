"""The vocabulary: the English words for each code of a digest, marked for the message catalogue."""

from __future__ import annotations

from differ.changes import Kind, Severity, Verdict
from differ.impact.assess import State
from snapshots.category import EntityType, ReferenceRole
from snapshots.notice import Action
from snapshots.period import Basis
from snapshots.record import Outcome
from templates.cards import FactCode
from templates.digest import Code
from templates.summary import SummaryCode


def N_(message: str) -> str:  # noqa: N802 - the name that extractors look for
    """The message itself, marked as one to translate where it is shown."""
    return message


KINDS: dict[Kind, str] = {
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
COUNTS: dict[Code, str] = {
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
    "reworded": N_("%(count)d other words, the same asked"),
}
VERDICTS: dict[Verdict, str] = {
    "tightened": N_("tightened"),
    "relaxed": N_("relaxed"),
    "mixed": N_("mixed"),
    "equivalent": N_("reworded"),
    "unknown": N_("not decided"),
}
ENTITY_TYPES: dict[EntityType | None, str] = {
    "non_personal": N_("Non-personal entities"),
    "personal": N_("Personal entities"),
    "overseas": N_("Overseas entities"),
    None: N_("Entity type not stated"),
}
BASES: dict[Basis, str] = {
    "effective": N_("the date the page states"),
    "period_end": N_("the end of the notice's period"),
    "published": N_("the day it was published"),
    "captured": N_("the day it was captured"),
}
STATES: dict[State, str] = {
    "removed": N_("the category is gone"),
    "unsatisfied": N_("not satisfied"),
    "undecided": N_("cannot be decided"),
    "check": N_("to be checked"),
    "satisfied": N_("satisfied"),
}
ASKED: dict[State, str] = {
    "unsatisfied": N_("missing or to be checked: %(papers)s"),
    "undecided": N_("it depends on: %(papers)s"),
    "check": N_("the page asks: %(papers)s"),
}
CLAIMS: dict[Action, str] = {
    "added": N_("the page says: added"),
    "adjusted": N_("the page says: adjusted"),
    "removed": N_("the page says: removed"),
    "renamed": N_("the page says: renamed"),
    "moved": N_("the page says: moved"),
    "merged": N_("the page says: merged"),
    "split": N_("the page says: split"),
    "listed": N_("the page lists it"),
}
PARTS: dict[str, str] = {
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
ROLES: dict[ReferenceRole | None, str] = {
    "also_needed": N_("also needed"),
    "choose": N_("to be chosen"),
    "choose_instead": N_("to be chosen instead"),
    None: N_("see also"),
}
SEVERITIES: dict[Severity, str] = {
    "error": N_("error"),
    "warning": N_("warning"),
    "info": N_("remark"),
}
OUTCOMES: dict[Outcome | None, str] = {
    "new": N_("read, a new version kept"),
    "unchanged": N_("read, unchanged"),
    "failed": N_("could not be read"),
    None: N_("not tried yet"),
}
SUMMARIES: dict[tuple[SummaryCode, bool], str] = {
    ("coming", True): N_("%(count)d coming on %(first)s"),
    ("coming", False): N_("%(count)d coming, the first on %(first)s, the last on %(last)s"),
    ("in_force", True): N_("%(count)d in force since %(first)s"),
    ("in_force", False): N_("%(count)d in force, the first since %(first)s, the last since %(last)s"),
    ("since", True): N_("%(count)d already in force since %(first)s"),
    ("since", False): N_("%(count)d already in force, the first since %(first)s, the last since %(last)s"),
    ("closed_beta", True): N_("%(count)d in closed beta"),
    ("earlier_unknown", True): N_("%(count)d whose earlier state is not known"),
}
"""The facts of the summary that read alike for one and for many, by whether their dates are one day."""
FACTS: dict[FactCode, str] = {
    "asks_also": N_("now also asks for: %(papers)s"),
    "asks_everyone": N_("now asked of everyone, before only of some: %(papers)s"),
    "told_apart": N_(
        "the same papers, told apart otherwise by who applies: %(papers)s; are all applicants among them?"
    ),
    "returned": N_("was removed earlier and is back"),
    "closed_beta": N_("in closed beta"),
    "closed_beta_begins": N_("now in closed beta"),
    "closed_beta_ends": N_("no longer in closed beta"),
    "earlier_unknown": N_("earlier state not known"),
    "regions_gone": N_("no longer for those in: %(regions)s"),
    "regions_added": N_("now also for those in: %(regions)s"),
    "only_begins": N_("now only for what its scope names"),
    "only_ends": N_("no longer only for what its scope names"),
    "as_of": N_("shown as it reads since %(date)s, after a later change"),
}
LISTED_FACTS: frozenset[FactCode] = frozenset({"asks_also", "asks_everyone"})
"""Facts whose words lead over to papers."""
