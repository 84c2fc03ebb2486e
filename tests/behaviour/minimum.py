"""Minimum functionality: short invented texts, each with the one thing that must, or must not, be found in it."""

from __future__ import annotations

from typing import NamedTuple

from tests.behaviour import checks as c


class Minimum(NamedTuple):
    """A text and the check that it must pass."""

    capability: str
    what: str
    text: str
    check: c.Check


SOURCE, ANONYMITY, HEDGE, CLAIM, SILENCE, RISK, PAGE = (
    "source classes", "anonymity", "hedges", "claims", "silence", "risk", "odd text",
)  # fmt: skip

_PROSE = (
    "The council of Wexcombe met on Tuesday and voted to repair the roof of the library. The work will take "
    "three months and costs 80,000 crowns, the treasurer, Marit Oduya, said. “We waited too long,” Oduya said. "
    "The library lends 40,000 books a year, according to its annual report. It will stay open on Saturdays. "
    "Conrad Vasey, who leads the council, said a second vote was planned for June. "
)
_SHOUT = (
    "THEY are LYING to you again! Nobody in the so-called mainstream press will tell you what is really going on. "
    "Insiders say the whole thing was planned for years, and everyone knows it! The corrupt elite stole millions "
    "and the sheep just looked away. Wake up, people! You will not believe what these criminals did next. "
    "Experts say thousands have already died. It is the biggest cover-up in history, and they hope that you "
    "never find out. Share this before they delete it!!! "
)

MINIMA: tuple[Minimum, ...] = (
    # who vouches
    Minimum(SOURCE, "a person with a name", "The wall will be rebuilt in May, Tove Lindahl said on Monday.", c.only_class("named_person")),
    Minimum(SOURCE, "a name with a title and a role", "“We have no plans to sell,” said Dr Anselm Rourke, the clinic's director.", c.only_class("named_person")),
    Minimum(SOURCE, "a name after according to", "According to Hanna Verrault, the ferry left an hour late.", c.only_class("named_person")),
    Minimum(SOURCE, "a pronoun that refers to a name", "Tove Lindahl runs the port. “The crane is safe,” she said.", c.only_class("named_person")),
    Minimum(SOURCE, "a last name that refers to the whole one", "Tove Lindahl runs the port. The crane is safe, Lindahl said.", c.sources(1)),
    Minimum(SOURCE, "a quotation that goes on stays with its speaker", "“The crane is safe,” Tove Lindahl said. “It was tested in May. It will be tested again.”", c.sources(1)),
    Minimum(SOURCE, "a ministry", "The Defence Ministry said two ships had left the harbour.", c.only_class("named_organisation")),
    Minimum(SOURCE, "the spokeswoman of a named firm", "A spokeswoman for Brack & Lune said the firm would appeal.", c.only_class("named_organisation")),
    Minimum(SOURCE, "police in a named town", "Police in Wexcombe said a man of 31 had been arrested.", c.only_class("named_organisation")),
    Minimum(SOURCE, "a company's statement", "Harland Water said in a statement that the leak was closed.", c.only_class("named_organisation")),
    Minimum(SOURCE, "a report", "The inspection report says that eleven bolts were loose.", c.only_class("document")),
    Minimum(SOURCE, "a study", "A study published in March found that the drug works in one patient of three.", c.only_class("document")),
    Minimum(SOURCE, "a court filing", "The indictment says that the money was moved in April.", c.only_class("document")),
    Minimum(SOURCE, "a letter", "In a letter dated 3 May, seen by this newspaper, the firm was told to stop. “Close the valve,” the letter says.", c.source_class("document")),
    Minimum(SOURCE, "figures of a data set", "According to the census, 4,100 people live on the island.", c.only_class("document")),
    Minimum(SOURCE, "another outlet reported", "The Wexcombe Courier reported on Friday that the mill would close.", c.only_class("press")),
    Minimum(SOURCE, "according to another outlet", "The mill will close, according to the Daily Mirror.", c.only_class("press")),
    Minimum(SOURCE, "a source", "The mill will close in June, a source said.", c.only_class("unnamed")),
    Minimum(SOURCE, "a senior official", "The mill will close in June, a senior official said on Monday.", c.only_class("unnamed")),
    Minimum(SOURCE, "a person familiar with the matter", "A person familiar with the matter said the mill would close.", c.only_class("unnamed")),
    Minimum(SOURCE, "two people with knowledge", "The mill will close, according to two people with knowledge of the plan.", c.only_class("unnamed")),
    Minimum(SOURCE, "sources in the plural", "Sources told this newspaper that the mill would close.", c.only_class("unnamed")),
    Minimum(SOURCE, "an aide", "“He has made up his mind,” an aide said.", c.only_class("unnamed")),
    Minimum(SOURCE, "a witness", "A witness said the car did not stop.", c.only_class("unnamed")),
    Minimum(SOURCE, "the official is the official of before", "A senior official said the mill would close. The official said 40 people would lose their jobs.", c.sources(1)),
    Minimum(SOURCE, "critics", "Critics say the plan has failed.", c.only_class("vague")),
    Minimum(SOURCE, "experts", "Experts believe the ice will be gone in ten years.", c.only_class("vague")),
    Minimum(SOURCE, "some", "Some say the mayor never signed the contract.", c.only_class("vague")),
    Minimum(SOURCE, "it is believed", "It is believed that the painting was sold abroad.", c.only_class("vague")),
    Minimum(SOURCE, "rumours", "Rumours have it that the coach is leaving.", c.only_class("vague")),
    Minimum(SOURCE, "reportedly without a source", "The coach has reportedly signed for another club.", c.only_class("vague")),
    Minimum(SOURCE, "is said to", "The minister is said to own three houses on the coast.", c.only_class("vague")),
    Minimum(SOURCE, "nobody", "The mill closed in June and 40 people lost their jobs.", c.no_attribution),
    Minimum(SOURCE, "no speech at all", "The road leads past the mill to the sea.", c.no_attribution),
    # anonymity
    Minimum(ANONYMITY, "condition of anonymity without a reason", "The mill will close, said an official who spoke on condition of anonymity.", c.anonymity("granted")),
    Minimum(ANONYMITY, "asked not to be named", "The mill will close, said a manager who asked not to be named.", c.anonymity("granted")),
    Minimum(ANONYMITY, "declined to give a name", "The mill will close, said a driver who declined to give his name.", c.anonymity("granted")),
    Minimum(ANONYMITY, "a reason is stated", "The mill will close, said an official who spoke on condition of anonymity because the owners have threatened to sue her.", c.anonymity("granted_with_reason")),
    Minimum(ANONYMITY, "a stock reason", "The mill will close, said an official who spoke on condition of anonymity because he was not authorised to speak to the media.", c.reason("boilerplate")),
    Minimum(ANONYMITY, "a specific reason", "The mill will close, said a worker who asked not to be named because the owners have dismissed two men for talking.", c.reason("specific")),
    Minimum(ANONYMITY, "no reason", "The mill will close, a source said.", c.reason("none")),
    Minimum(ANONYMITY, "the reason in the next sentence", "The mill will close, a manager said. The manager asked not to be named because talks with the buyer go on.", c.anonymity("granted_with_reason")),
    Minimum(ANONYMITY, "declined to comment is none", "The mill will close, Tove Lindahl said. The owners declined to comment.", c.anonymity(None)),
    Minimum(ANONYMITY, "a bare source", "The mill will close, a source said.", c.described(wanted=False)),
    Minimum(ANONYMITY, "a bare person", "One person said the mill would close.", c.described(wanted=False)),
    Minimum(ANONYMITY, "a source with a post", "The mill will close, a senior manager of the mill said.", c.described(wanted=True)),
    Minimum(ANONYMITY, "a source with knowledge of the matter", "The mill will close, said an accountant who has seen the books.", c.described(wanted=True)),
    Minimum(ANONYMITY, "a named person says the same", "The mill will close in June, a source said. Tove Lindahl, the owner, also said that the mill would close in June.", c.corroborated(wanted=True)),
    Minimum(ANONYMITY, "nobody else says it", "The mill will close in June, a source said.", c.corroborated(wanted=False)),
    # hedges
    Minimum(HEDGE, "may", "The bridge may collapse in the next storm.", c.hedge("may", "epistemic", "reporter")),
    Minimum(HEDGE, "might", "The bridge might close on Friday.", c.hedge("might", "epistemic")),
    Minimum(HEDGE, "could of possibility", "The storm could reach the coast on Monday.", c.hedge("could", "epistemic")),
    Minimum(HEDGE, "likely", "The storm will likely reach the coast on Monday.", c.hedge("likely", "epistemic")),
    Minimum(HEDGE, "appears to", "The firm appears to have moved the money abroad.", c.hedge("appears", "epistemic")),
    Minimum(HEDGE, "perhaps", "Perhaps 12 of the bolts were loose.", c.hedge("perhaps", "epistemic")),
    Minimum(HEDGE, "it is unclear", "It is unclear who signed the order.", c.hedge("unclear", "epistemic")),
    Minimum(HEDGE, "suggests, of data", "The data suggest that the leak began in March.", c.hedge("suggest", "epistemic")),
    Minimum(HEDGE, "reportedly", "The coach has reportedly signed for another club.", c.hedge("reportedly", "hearsay", "reporter")),
    Minimum(HEDGE, "allegedly", "The driver allegedly left the scene.", c.hedge("allegedly", "hearsay")),
    Minimum(HEDGE, "is said to", "The minister is said to own three houses on the coast.", c.hedge("said to", "hearsay")),
    Minimum(HEDGE, "about before a number", "About 300 people were in the hall.", c.hedge("about", "approximator")),
    Minimum(HEDGE, "nearly", "Nearly 40 houses were flooded.", c.hedge("nearly", "approximator")),
    Minimum(HEDGE, "some before a number", "Some 300 people were in the hall.", c.hedge("some", "approximator")),
    Minimum(HEDGE, "roughly", "Roughly 2,000 litres of oil ran into the river.", c.hedge("roughly", "approximator")),
    Minimum(HEDGE, "would of a hypothesis", "A second flood would destroy the dam.", c.hedge("would", "conditional")),
    Minimum(HEDGE, "if true", "The charge, if true, is a crime.", c.hedge("if", "conditional")),
    Minimum(HEDGE, "the source's voice", "“The bridge may collapse,” Tove Lindahl said.", c.hedge("may", "epistemic", "source")),
    Minimum(HEDGE, "the source's voice in indirect speech", "Tove Lindahl said the bridge might collapse.", c.hedge("might", "epistemic", "source")),
    Minimum(HEDGE, "May the month", "The bridge was closed in May.", c.no_hedge),
    Minimum(HEDGE, "may of permission", "Visitors may enter the hall from nine o'clock.", c.no_hedge),
    Minimum(HEDGE, "could of ability", "She could read before she was four.", c.no_hedge),
    Minimum(HEDGE, "can of ability", "The ferry can carry 90 cars.", c.no_hedge),
    Minimum(HEDGE, "would of habit", "As a boy he would walk to the harbour every morning.", c.no_hedge),
    Minimum(HEDGE, "more than is a bound", "More than 300 people were in the hall.", c.no_hedge),
    Minimum(HEDGE, "at least is a bound", "At least 12 houses were flooded.", c.no_hedge),
    Minimum(HEDGE, "about of a topic", "The book is about a ferry.", c.no_hedge),
    Minimum(HEDGE, "plans to", "The firm plans to sell the mill.", c.no_hedge),
    Minimum(HEDGE, "will", "The mill will close in June.", c.no_hedge),
    # claims
    Minimum(CLAIM, "a figure with nobody behind it", "The tunnel has cost 40 million crowns more than was voted.", c.claim("none")),
    Minimum(CLAIM, "a deed with nobody behind it", "The minister took money from the builder in 2019.", c.claim("none")),
    Minimum(CLAIM, "a named person behind it", "The tunnel has cost 40 million crowns more than was voted, the treasurer, Marit Oduya, said.", c.claim("named")),
    Minimum(CLAIM, "a named body behind it", "The state audit office said the tunnel had cost 40 million crowns more than was voted.", c.unverified(wanted=False)),
    Minimum(CLAIM, "a record behind it", "The accounts, published in March, show that the tunnel has cost 40 million crowns more than was voted.", c.claim("record")),
    Minimum(CLAIM, "a report behind it", "Eleven bolts were loose, according to the inspection report of 4 March.", c.claim("record")),
    Minimum(CLAIM, "an unnamed source behind it", "The minister took money from the builder in 2019, a source said.", c.claim("unnamed")),
    Minimum(CLAIM, "an anonymous official behind it", "A senior official said the army had lost 40 tanks in two days.", c.claim("unnamed")),
    Minimum(CLAIM, "nobody in particular behind it", "Critics say the minister took money from the builder in 2019.", c.unverified(wanted=True)),
    Minimum(CLAIM, "reportedly behind it", "The minister reportedly took money from the builder in 2019.", c.claim("vague")),
    Minimum(CLAIM, "another outlet behind it", "The minister took money from the builder in 2019, the Wexcombe Courier reported.", c.claim("press")),
    Minimum(CLAIM, "a second sentence covered by the same person", "“The firm paid the minister 300,000 crowns,” Tove Lindahl, the prosecutor, said. “It paid the money in two parts in 2019.”", c.unverified(wanted=False, sentence=1)),
    Minimum(CLAIM, "an opinion is none", "It was a lovely evening, and the music could hardly have been sweeter.", c.no_claim),
    Minimum(CLAIM, "a question is none", "What shall we do with the old town hall?", c.no_claim),
    Minimum(CLAIM, "advice is none", "Wear a warm coat and bring a friend.", c.no_claim),
    Minimum(CLAIM, "an exhortation in a quotation is none", "“We must never give up hope,” Tove Lindahl said.", c.no_claim),
    # silence
    Minimum(SILENCE, "too short", "The mill will close in June, a source said.", c.silent("too short")),
    Minimum(SILENCE, "German", "Die Brücke wurde am Dienstag gesperrt, weil elf Schrauben gebrochen waren, sagte der Ingenieur. Der Stadtrat hatte davon nichts gewusst. " * 6, c.silent("English")),
    Minimum(SILENCE, "French", "Le pont a été fermé mardi parce que onze boulons étaient cassés, a dit l'ingénieur. Le conseil municipal n'en savait rien. " * 6, c.silent("English")),
    Minimum(SILENCE, "opinion that says so", "Opinion\n\n" + _PROSE * 2, c.silent("opinion")),
    Minimum(SILENCE, "opinion in the first person", _PROSE + "I think the vote was wrong, and in my view the council has lost its way. I believe we can do better, and I urge my readers to write to their councillors. I fear that my own children will never see the books that I loved. " * 2, c.silent("opinion")),
    Minimum(SILENCE, "satire that says so", _PROSE * 2 + "\n\nThis article is satire.", c.silent("satire")),
    Minimum(SILENCE, "a transcript", "\n".join(f"{who}: Thank you for the question, and let me say that the roof of the library will be repaired in the spring." for who in ("LINDAHL", "VASEY") * 6), c.silent("transcript")),
    Minimum(SILENCE, "a list of words", "\n".join(["Bread, milk, butter, apples, soap, candles, paper, ink, string, nails"] * 12), c.silent("prose", "far", "short")),
    Minimum(SILENCE, "a plain report is scored", _PROSE * 2, c.band("low", "about even", "cannot tell", "high")),
    # risk
    Minimum(RISK, "a plain report with named sources and a record", _PROSE * 2, c.band("low", "about even", "cannot tell")),
    Minimum(RISK, "shouted hearsay", _SHOUT * 2, c.band("high")),
    # odd text
    Minimum(PAGE, "a quotation that never closes", "“The mill will close, Tove Lindahl said.\n\nShe left at noon. " + _PROSE, c.sound),
    Minimum(PAGE, "a quotation over two paragraphs", "“The mill will close,” Tove Lindahl said. “I am sorry.\n\n“We tried for years.”\n\n" + _PROSE, c.sound),
    Minimum(PAGE, "no full stops at all", _PROSE.replace(".", " "), c.sound),
    Minimum(PAGE, "all in capitals", _PROSE.upper(), c.sound),
    Minimum(PAGE, "all in lower case", _PROSE.lower(), c.sound),
    Minimum(PAGE, "one line of 400 sentences", "The mill closed. " * 400, c.sound),
    Minimum(PAGE, "each word on a line of its own", _PROSE.replace(" ", "\n"), c.sound),
    Minimum(PAGE, "emoji and flags", _PROSE + "🇫🇷 The crowd 👩‍👩‍👧 sang 🎶 and went home.", c.sound),
    Minimum(PAGE, "combining marks", _PROSE + "The cafe\u0301 in Sa\u0303o Bento is closed.", c.sound),
    Minimum(PAGE, "right-to-left words", _PROSE + "The sign says שלום and مرحبا in two scripts.", c.sound),
    Minimum(PAGE, "sharing buttons are furniture", _PROSE + "\n\nShare this article\n\nSign up for our newsletter", c.furniture(2)),
    Minimum(PAGE, "a by-line is furniture", "By Ida Okonkwo\n\n" + _PROSE, c.furniture(1)),
    Minimum(PAGE, "a quoted phrase on a line of its own is none", _PROSE + "\n\n“We waited too long,” Oduya said.", c.furniture(0)),
)  # fmt: skip
