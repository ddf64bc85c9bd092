"""A small judged collection, invented: articles with comments, questions, and which passages answer them how well.

Run as a script (``quality_set.py FOLDER``) it builds the index with the default model and prints what each way of
searching ranks first, so that a test can compare processes.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.searcher import Searcher

MODES = ("keyword", "semantic", "hybrid")

_ARTICLES = {
    "dredge": (
        "Harbour dredging resumes after two-year halt",
        [
            "Work to deepen the shipping channel at Port Ellery began again on Monday, two years after a court stopped "
            "it over fears for the oyster beds.",
            "The contractor, Vanstone Marine, says it will use silt curtains and stop for six weeks during spawning.",
            "Freight companies had complained that larger vessels must wait for high tide before they can enter.",
        ],
        [
            "My grandfather farmed those oysters. Silt curtains did nothing the last time they tried it.",
            "Bigger ships mean more jobs, it is that simple.",
        ],
    ),
    "ferry": (
        "Ferry timetable cut as crews fall ill",
        [
            "Island residents will have four crossings a day instead of nine until the end of March, the operator "
            "Bluewake said, blaming sickness among its deckhands.",
            "The mayor of Sandholm, Ingrid Pell, asked for a subsidy so that pupils can get to the mainland school.",
        ],
        [
            "We missed my mother's hospital appointment because the noon boat never came.",
            "Pay the sailors properly and they will not leave for the wind farms.",
        ],
    ),
    "lunch": (
        "Free lunches for every pupil from September",
        [
            "All primary schools in the county will serve a hot meal at no charge, paid for by a levy on sweet drinks.",
            "Head teachers warn that kitchens closed in the nineties would have to be rebuilt first.",
        ],
        [
            "Children cannot concentrate on an empty stomach. Best decision this council ever took.",
            "Why should my taxes feed the kids of millionaires?",
        ],
    ),
    "strike": (
        "Teachers walk out over pay and class sizes",
        [
            "Forty schools closed on Thursday as members of the educators' union struck for the first time since 2009.",
            "Union leader Dragan Milošević said classes of thirty-four were “crowd control, not education”.",
            "The ministry offered 3.5 percent; the union wants 11 percent over two years.",
        ],
        [
            "As a parent I had to take unpaid leave, but I support them.",
            "Eleven percent? Nobody in the private sector gets that.",
        ],
    ),
    "flood": (
        "River bursts its banks in the Lower Vale",
        [
            "Around 600 homes were evacuated overnight after the Aune rose four metres in ten hours.",
            "Engineers opened the sluices at Karrow Weir to take pressure off the old stone bridge.",
            "Insurers expect claims of 80 million crowns, the highest since the deluge of 1987.",
        ],
        [
            "They built a whole estate on the flood plain and now act surprised.",
            "Volunteers brought us blankets and soup at three in the morning. Thank you.",
        ],
    ),
    "drought": (
        "Farmers pray for rain as reservoirs shrink",
        [
            "Water levels at Lake Tessaly have dropped to a fifth of capacity after the driest spring on record.",
            "A hosepipe ban starts on Friday; watering a lawn will cost 200 crowns.",
        ],
        ["Golf courses are still green, funny how that works."],
    ),
    "vaccine": (
        "New malaria vaccine cuts deaths by half in trial",
        [
            "Children who got three doses were 52 percent less likely to die of the disease, researchers report in a "
            "study of 4,000 infants in three countries.",
            "Lead author Amara Nwosu cautioned that protection waned after eighteen months.",
        ],
        [
            "My sister is a nurse in one of those clinics, mosquito nets still matter more.",
            "The drug companies will price it out of reach as always.",
        ],
    ),
    "hospital": (
        "Hospital switches to paper after cyberattack",
        [
            "Surgeons at St Brannoc's postponed 140 operations as ransomware locked patient records on Tuesday night.",
            "The hackers, who call themselves Night Heron, demanded payment in bitcoin.",
        ],
        ["The computer department was outsourced in 2019 to save money. This is the bill."],
    ),
    "rates": (
        "Central bank lifts interest rates to 4.25 percent",
        [
            "Governor Luis Arbeláez said inflation was still too stubborn to pause, and hinted at another rise in May.",
            "Mortgage payments on a typical flat will climb by about 90 crowns a month, brokers reckon.",
        ],
        [
            "Savers finally get something. Stop whining about your cheap loans.",
            "We just bought our first home and may have to sell it again.",
        ],
    ),
    "cup": (
        "Keeper's late save sends Rovers through",
        [
            "Goalkeeper Sanna Lindqvist tipped a penalty onto the post in stoppage time to put Dunmore Rovers into the "
            "cup final.",
            "Coach Petra Vrabec had lost both central defenders to injury before the break.",
        ],
        [
            "That referee should be banned, it was never a handball.",
            "Best goalie in the league and nobody picks her for the national side.",
        ],
    ),
    "planet": (
        "Observatory spots water vapour on distant planet",
        [
            "Astronomers using the Cerro Alto telescope found the signature of steam in the atmosphere of K2-18b, 124 "
            "light years away.",
            "The planet circles a red dwarf and may be covered by an ocean beneath a thick layer of hydrogen.",
        ],
        ["Wake me up when they find little green men."],
    ),
    "wolves": (
        "Wolf pack returns to the Hallin forest after a century",
        [
            "Camera traps photographed five adults and three cubs, the first breeding pair in the region since 1911.",
            "Shepherds demand compensation for lost sheep and the right to shoot.",
        ],
        [
            "Guard dogs work. Our flock has not lost a lamb in six years.",
            "Townsfolk love predators until one stands in their garden.",
        ],
    ),
    "rent": (
        "Council caps rents in the old town",
        [
            "Landlords may not ask for more than 14 crowns a square metre from January; holiday lets need a licence.",
            "Economist Yusuf Demirel warns that owners will leave flats empty or sell them.",
        ],
        ["Half my street is lockboxes for tourists. About time."],
    ),
    "tram": (
        "Driverless trams start trial runs in Ostrava",
        [
            "The vehicles carry no passengers yet and keep to 30 kilometres an hour between the depot and the stadium.",
            "A safety officer sits in the cab and can hit the brake at any moment.",
        ],
        ["And who helps my wheelchair over the gap when there is no driver?"],
    ),
}

# Question -> passage -> grade: 2 answers it, 1 is about it.
QUESTIONS: dict[str, dict[str, int]] = {
    # words that stand there
    "silt curtains": {"dredge#p2": 2, "dredge#c1": 2},
    "hosepipe ban": {"drought#p2": 2},
    "K2-18b": {"planet#p1": 2, "planet#p2": 1},
    "3.5 percent": {"strike#p3": 2},
    "Karrow Weir sluices": {"flood#p2": 2},
    "interest rates 4.25": {"rates#h": 2, "rates#p1": 1},
    "ransomware bitcoin": {"hospital#p1": 2, "hospital#p2": 2, "hospital#h": 1},
    "penalty stoppage time": {"cup#p1": 2},
    "camera traps cubs": {"wolves#p1": 2},
    "square metre rents": {"rent#p1": 2, "rent#h": 1},
    # numbers
    "1911": {"wolves#p1": 2},
    "1987": {"flood#p3": 2},
    "2009": {"strike#p1": 2},
    "80 million": {"flood#p3": 2},
    "four crossings": {"ferry#p1": 2},
    "140 operations": {"hospital#p1": 2},
    "eighteen months": {"vaccine#p2": 2},
    "14 crowns": {"rent#p1": 2},
    # names, as one types them
    "Dragan Milosevic": {"strike#p2": 2},
    "governor Arbelaez": {"rates#p1": 2},
    "Night Heron": {"hospital#p2": 2},
    "Ingrid Pell": {"ferry#p2": 2},
    "Vanstone Marine": {"dredge#p2": 2},
    "Amara Nwosu": {"vaccine#p2": 2},
    # misspelt
    "goalkeper Lindqvist": {"cup#p1": 2, "cup#c2": 1},
    "harbor dredgeing": {"dredge#h": 2, "dredge#p1": 2},
    "malaria vacine trial": {"vaccine#h": 2, "vaccine#p1": 2},
    "resevoir water levels": {"drought#p1": 2, "drought#h": 1},
    "cyber atack hospital": {"hospital#h": 2, "hospital#p1": 1},
    # the same in other words
    "children get meals at no cost": {"lunch#h": 2, "lunch#p1": 2},
    "people fled their houses at night because of high water": {"flood#p1": 2, "flood#h": 1},
    "computers held hostage by criminals": {"hospital#p1": 2, "hospital#p2": 2, "hospital#h": 1},
    "educators on strike": {"strike#h": 2, "strike#p1": 2},
    "home loans become more expensive": {"rates#p2": 2, "rates#c2": 1},
    "signs of an ocean on another world": {"planet#p2": 2, "planet#h": 1, "planet#p1": 1},
    "self-driving public transport": {"tram#h": 2, "tram#p1": 1},
    "boats to the island run less often": {"ferry#p1": 2, "ferry#h": 2},
    "lack of rain hurts agriculture": {"drought#h": 2, "drought#p1": 1},
    "dangerous animals are back in the woods": {"wolves#h": 2, "wolves#p1": 1},
    "limit on what landlords can charge": {"rent#p1": 2, "rent#h": 2},
    "protecting infants against a tropical disease": {"vaccine#p1": 2, "vaccine#h": 2},
    # what readers say
    "disabled people and trams without staff": {"tram#c1": 2},
    "thanks to the helpers who brought food": {"flood#c2": 2},
    "grandfather oysters": {"dredge#c1": 2},
    "referee decision was wrong, no handball": {"cup#c1": 2},
    "rich parents should pay for lunch themselves": {"lunch#c2": 2},
    "dogs protect sheep from wolves": {"wolves#c1": 2, "wolves#p2": 1},
    "houses built where it floods": {"flood#c1": 2},
    "missed the doctor because of the boat": {"ferry#c1": 2},
}


def articles() -> list[dict[str, Any]]:
    return [
        {"id": name, "title": title, "paragraphs": paragraphs, "comments": [{"text": words} for words in comments]}
        for name, (title, paragraphs, comments) in _ARTICLES.items()
    ]


def rankings(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Build the index in ``folder`` and return the ids found, by mode and question."""
    from index.build import Rebuild
    from index.encode import open_encoder
    from index.snapshot import IndexPaths
    from search.searcher import Searcher

    source = folder / "articles.jsonl"
    source.write_text("".join(json.dumps(article) + "\n" for article in articles()), encoding="utf-8")
    encoder = open_encoder()
    Rebuild(paths=IndexPaths(folder / "index"), sources=[source], encoder=encoder).run()
    with Searcher.open(folder / "index", encoder=encoder) as searcher:
        return {mode: {question: _ids(searcher, question, mode) for question in QUESTIONS} for mode in MODES}


def _ids(searcher: Searcher, question: str, mode: str) -> list[str]:
    return [hit.passage.id for hit in searcher.search(question, mode=mode, limit=20)]


if __name__ == "__main__":
    if "ONE_PROCESSOR" in os.environ and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # ONNX Runtime has no variable for its threads
    print(json.dumps(rankings(Path(sys.argv[1]))))  # noqa: T201 - what the test reads
