"""Invented articles for the cases: templates with names and alternative wordings that can be changed.

A template has names like ``{person}`` and alternatives ``[[key:first|second]]``: the first wording is used unless
a case asks for the second of that key, so that the two texts differ only there.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent.parent.parent / "data" / "corpus" / "articles.jsonl"
_TURN = re.compile(r"\[\[(\w+):([^|\]]*)\|([^|\]]*)\]\]")


@dataclass(frozen=True, slots=True)
class Article:
    """A title and a text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """An invented article whose names and wordings can be changed."""

    id: str
    title: str
    text: str

    @property
    def turns(self) -> tuple[str, ...]:
        """The keys of its alternative wordings, in order of appearance."""
        return tuple(dict.fromkeys(m[1] for m in _TURN.finditer(self.title + self.text)))

    def make(self, turned: str = "", **names: str) -> Article:
        """Return the article with the second wording of the key `turned`, and with other `names`."""
        known = {**NAMES, **names}

        def fill(text: str) -> str:
            text = _TURN.sub(lambda m: m[3] if m[1] == turned else m[2], text)
            return re.sub(r"  +", " ", text.format(**known))

        return Article(fill(self.title), fill(self.text))


NAMES = {
    "person": "Marit Oduya", "last": "Oduya", "second": "Conrad Vasey", "second_last": "Vasey",
    "third": "Ilse Tamworth", "third_last": "Tamworth",
    "place": "Wexcombe", "region": "Harland", "outlet": "Wexcombe Courier",
}  # fmt: skip

TEMPLATES: tuple[Template, ...] = (
    Template(
        "bridge",
        "Bolts on {place} footbridge were cracked, [[named:engineer|source]] says",
        """{place} council kept its footbridge open for six weeks after cracks were found in eleven bolts, [[named:{person}, the engineer who inspected it,|a source]] said on Tuesday.

"The bolts could be turned by hand," [[named:{last}|the source]] said. "I wrote that down and I sent it the same evening."

[[document:An inspection report dated 4 March, published by the council on Friday, lists the eleven bolts and recommends closing the bridge at once.|]] The bridge — the only way over the river on foot — was closed on 19 April.

[[merged:{second}, who leads the council, said the report had not reached his desk. {third}, a councillor for the east ward,|{person} said the report had not reached the desk of the council's leader. She]] said the council met twice in March and did not discuss the bridge.

[[claims:The repair starts on Monday.|The council paid a contractor 400,000 crowns for work that was never done. Two officials deleted the records in April. The firm is owned by the leader's brother.]] About 2,000 people cross the bridge on a working day, according to the county's traffic count.""",
    ),
    Template(
        "vaccine",
        "Clinic in {place} stored vaccine in a broken fridge",
        """A clinic in {place} gave 312 people a flu vaccine that had been stored in a broken refrigerator, the {region} health authority said on Wednesday.

The authority learned of the fault from a nurse who spoke on condition of anonymity [[reason:because she is a witness in a disciplinary hearing against her manager|]]. The nurse said the alarm had been switched off in October.

[[document:The refrigerator's own log, which the authority has published, shows a temperature of 14 degrees on nine nights.|]]

"Nobody is in danger, but the vaccine may not protect them," said [[named:{person}, the authority's chief medical officer|one person familiar with the matter]]. [[named:{last}|The person]] said letters would go out this week.

[[merged:{second}, the clinic's director, said the staff had been told to check the fridge twice a day. {third}, who speaks for the patients' council, said two patients had fallen ill.|{person} said the clinic's staff had been told to check the fridge twice a day. {person} said two patients had fallen ill.]]

[[claims:The clinic will open again on Thursday.|The manager sold the old vaccine abroad. Forty patients died last winter. The ministry hid the figures from parliament.]]""",
    ),
    Template(
        "tram",
        "Cost of {place} tram line rises to 96 million",
        """The new tram line in {place} will cost 96 million crowns, 31 million more than was voted two years ago, [[named:{person}, the city treasurer,|sources]] said on Monday.

[[named:{last}|The sources]] said the price of steel had risen by a third. "We signed before the price was fixed, and that was a mistake," [[named:she|one of them]] said.

[[document:The treasurer's report to the finance committee, which is on the city's website, puts the cost of steel at 22 million crowns.|]] Work on the line – 11 kilometres, with 19 stops – began in May.

[[merged:{second}, who chairs the committee, said it would ask for an audit. {third}, a member of the opposition, said the audit should have come first.|{person} said the committee would ask for an audit. {person} also said the audit should have come first.]]

The line is to carry 18,000 passengers a day when it opens. An official at the transport ministry, who asked not to be named [[reason:because the contract is before a court|]], said the state would not pay more. [[claims:The first cars arrive next spring.|The mayor took money from the builder. The builder has been convicted of fraud in three countries. The contract was signed in a hotel at night.]]""",
    ),
    Template(
        "wells",
        "Wells in {place} closed after nitrate found",
        """Four wells in {place} were closed on Thursday after tests found nitrate at twice the legal limit.

"We should have tested in the spring," said [[named:{person}, who runs the {region} water board|a person with knowledge of the tests]]. [[named:{last}|The person]] said bottled water would be handed out at the town hall from 8 a.m.

[[document:Results published by the state laboratory show 98 milligrams a litre in the worst of the four wells; the limit is 50.|]] About 1,300 households — one in five — draw water from them. “We boil it, we carry it, we wait...” said a notice on the door of the baker's shop.

[[merged:{second}, a chemist at the University of {region} who was not involved in the tests, said the nitrate probably came from fertiliser. {third}, of the farmers' union, said her members had kept to the rules.|{person} said the nitrate probably came from fertiliser. {person} said the farmers had kept to the rules.]]

A member of the board, who spoke on condition of anonymity [[reason:because the board has forbidden its members to talk to reporters|]], said a first warning came in February. The board said in a statement that it was looking into the dates.

[[claims:The next samples will be taken on Sunday.|The board has poisoned the town for ten years. Six children lost their hair in March. The laboratory was paid to keep silent.]]""",
    ),
    Template(
        "match",
        "Coach of {place} United leaves after betting inquiry opens",
        """{place} United parted with their coach on Sunday, two days after the league opened an inquiry into bets on their matches.

[[named:{person}, the club's chairwoman,|A club insider]] said the decision was taken by the whole board. "We could not ask the players for honesty and not ask it of ourselves," [[named:{last}|the insider]] said.

[[document:The league's letter to the club, dated 3 November and seen by the {outlet}, names four matches and asks for telephone records.|]]

A player said the squad had been told on Saturday evening; he asked not to be named [[reason:because his contract fines him for speaking about the club|]].

[[merged:{second}, who leads the league's integrity unit, said there was no evidence against any player. {third}, the coach's lawyer, said her client had never placed a bet.|{person} said there was no evidence against any player. {person} said the coach had never placed a bet.]]

United are eleventh with nine games left. [[claims:They play at home on Saturday.|The coach lost two million crowns in one night. He fixed the cup final of last year. The league has known it since spring.]] The inquiry could take three months, the league said.""",
    ),
    Template(
        "frontier",
        "Three soldiers hurt at {region} border post",
        """Three soldiers were hurt when a shell struck a border post near {place} on Friday night, the defence ministry said.

[[named:Colonel {person}, who commands the sector,|A military source]] said the shell came from the eastern side. "We found the fin, and we have photographed it," [[named:{last}|the source]] said.

[[document:The observers' mission wrote in its daily report that it heard one explosion at 21:40 and could not tell where it came from.|]] The other side — it holds the far bank — denied firing.

A diplomat who takes part in the talks said both armies had been asked to pull back by two kilometres; the diplomat spoke on condition of anonymity [[reason:because the talks are confidential until they end|]].

[[merged:{second}, the mayor of {place}, said windows were broken in five houses. {third}, a doctor at the district hospital, said two of the soldiers could go home on Sunday.|{person} said windows were broken in five houses. {person} said two of the soldiers could go home on Sunday.]]

[[claims:It was the second incident this month.|The enemy has moved forty tanks to the river. Foreign agents ordered the attack. The government knew of it and did nothing.]] The talks go on next Tuesday in the capital.""",
    ),
)  # fmt: skip


def corpus() -> tuple[dict[str, Any], ...]:
    """Return the records of the project's own corpus."""
    return _corpus()


@cache
def _corpus() -> tuple[dict[str, Any], ...]:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def record(article_id: str) -> dict[str, Any]:
    """Return the corpus record of one article."""
    return next(r for r in corpus() if r["id"] == article_id)


@cache
def singles() -> tuple[dict[str, Any], ...]:
    """Return the single news articles of the corpus's test split, to which the changes are applied."""
    return tuple(
        r for r in corpus()
        if r["split"] == "test" and r["pair"] is None and r["genre"] == "news"
    )  # fmt: skip
