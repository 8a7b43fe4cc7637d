"""What words around a number say, as data: each row with an example that is a test."""

from __future__ import annotations

from typing import NamedTuple

from llmx.records import Comparator


class Comparing(NamedTuple):
    """Words before or after a number that compare it."""

    comparator: Comparator
    words: str
    """Forms, with | between."""
    example: str
    language: str = "en"


BEFORE: tuple[Comparing, ...] = (
    Comparing(
        ">=",
        "at least|no less than|not less than|no fewer than|not fewer than|no lower than|a minimum of|minimum of|at minimum",
        "at least 30 homes",
    ),
    Comparing(
        ">",
        "more than|over|above|exceeding|exceeds|exceed|exceeded|in excess of|upwards of|upward of|greater than|higher than|"
        "larger than|surpassing|surpassed|surpasses|topped|topping|just over|well over|just above|well above|beyond|longer than",
        "more than 30 homes",
    ),
    Comparing(
        "<=",
        "up to|no more than|not more than|at most|a maximum of|maximum of|no higher than|not exceeding|not exceed|as many as|"
        "as much as|no later than|capped at|limited to|no greater than",
        "up to 30 homes",
    ),
    Comparing(
        "<",
        "less than|fewer than|below|under|lower than|just under|well under|just below|well below|short of|just short of|"
        "smaller than|shorter than",
        "fewer than 30 homes",
    ),
    Comparing(
        "~",
        "around|about|approximately|approx.|approx|some|nearly|almost|roughly|circa|ca.|ca|c.|close to|an estimated|estimated|"
        "estimated at|in the region of|in the order of|of the order of|on the order of|an average of about|~|≈|close on|"
        "somewhere around|virtually|practically",
        "around 30 homes",
    ),
    Comparing(">=", "mindestens|wenigstens|zumindest", "mindestens 30 Prozent", "de"),
    Comparing(">", "mehr als|über|gut", "mehr als 30 Prozent", "de"),
    Comparing("<=", "höchstens|maximal|bis zu", "höchstens 30 Prozent", "de"),
    Comparing("<", "weniger als|unter|knapp", "weniger als 30 Prozent", "de"),
    Comparing("~", "rund|etwa|ungefähr|circa|fast|nahezu", "rund 30 Prozent", "de"),
    Comparing(">=", "au moins|au minimum", "au moins 30 %", "fr"),
    Comparing(">", "plus de|plus d'|supérieur à|supérieure à", "plus de 30 %", "fr"),
    Comparing("<=", "au plus|au maximum|jusqu'à", "jusqu'à 30 %", "fr"),
    Comparing("<", "moins de|moins d'|inférieur à|inférieure à", "moins de 30 %", "fr"),
    Comparing("~", "environ|près de|quelque|à peu près", "environ 30 %", "fr"),
    Comparing(">=", "al menos|por lo menos|como mínimo", "al menos 30 %", "es"),
    Comparing(">", "más de|superior a|superiores a", "más de 30 %", "es"),
    Comparing("<=", "como máximo|hasta", "hasta 30 %", "es"),
    Comparing("<", "menos de|inferior a|inferiores a", "menos de 30 %", "es"),
    Comparing("~", "cerca de|alrededor de|casi|aproximadamente|unos|unas", "cerca de 30 %", "es"),
)
AFTER: tuple[Comparing, ...] = (
    Comparing(
        ">=",
        "or more|and more|or above|and above|or over|and over|or higher|and higher|or greater|or better|or older|and older|"
        "or longer|at least|plus|+",
        "30 homes or more",
    ),
    Comparing(
        "<=",
        "or less|or fewer|or below|and below|or under|and under|or lower|at most|or younger|at the most|or shorter",
        "30 homes or fewer",
    ),
    Comparing("~", "or so|or thereabouts", "30 homes or so"),
    Comparing(">=", "oder mehr", "30 Prozent oder mehr", "de"),
    Comparing(">=", "ou plus", "30 % ou plus", "fr"),
    Comparing(">=", "o más", "30 % o más", "es"),
)


class Moving(NamedTuple):
    """Words of change."""

    falls: bool
    kind: str
    """own: moves of itself (rose 5%); other: moves what it names (cut 200 jobs counts jobs); name: a noun (a rise of)."""
    words: str
    example: str
    language: str = "en"


MOVES: tuple[Moving, ...] = (
    Moving(
        False,
        "own",
        "rose rise rises risen rising grew grow grows grown growing increased increase increases increasing climbed climb "
        "climbs climbing jumped jump jumps surged surge surges soared soar gained gain gains advanced up widened widen "
        "accelerated rebounded rebound strengthened swelled leapt leaped edged recovered doubled tripled quadrupled appreciated outgrew",
        "Output rose 5%.",
    ),
    Moving(
        True,
        "own",
        "fell fall falls fallen falling dropped drop drops dropping declined decline declines declining decreased decrease "
        "decreases decreasing shrank shrink shrinks shrunk shrinking contracted contract slipped slip slid slide plunged "
        "plunge plummeted plummet tumbled tumble sank sink dipped dip down narrowed narrow eased slowed weakened retreated "
        "receded depreciated collapsed slumped halved",
        "Output fell 5%.",
    ),
    Moving(
        False,
        "other",
        "raise raised raises raising boost boosted boosts boosting lift lifted lifts lifting expand expanded expands expanding "
        "improve improved improves improving add added adds adding enlarge enlarged",
        "The city raised fees by 5%.",
    ),
    Moving(
        True,
        "other",
        "cut cuts cutting reduce reduced reduces reducing lower lowered lowers lowering slash slashed slashing trim trimmed "
        "curb curbed curtail curtailed lose lost shed",
        "The city cut fees by 5%.",
    ),
    Moving(
        False,
        "name",
        "growth increase increases rise rises gain gains expansion improvement surge jump upturn uptick uplift hike hikes",
        "It saw a rise of 5%.",
    ),
    Moving(
        True,
        "name",
        "decline declines decrease decreases fall falls drop drops reduction reductions contraction cut cuts downturn dip "
        "slump loss losses shortfall",
        "It saw a decline of 5%.",
    ),
    Moving(
        False,
        "own",
        "stieg stiegen steigt gestiegen wuchs wuchsen wächst plus zunahm zugenommen",
        "Der Umsatz stieg um 5%.",
        "de",
    ),
    Moving(
        True,
        "own",
        "sank sanken sinkt gesunken fiel fielen gefallen schrumpfte minus abgenommen",
        "Der Umsatz sank um 5%.",
        "de",
    ),
    Moving(False, "own", "augmenté augmente hausse progressé progresse crû", "Les ventes ont augmenté de 5 %.", "fr"),
    Moving(True, "own", "baissé baisse diminué diminue reculé recule chuté", "Les ventes ont baissé de 5 %.", "fr"),
    Moving(False, "own", "aumentó aumentaron subió subieron creció crecieron", "Las ventas aumentaron un 5 %.", "es"),
    Moving(
        True, "own", "cayó cayeron bajó bajaron disminuyó disminuyeron descendió", "Las ventas cayeron un 5 %.", "es"
    ),
)
BY = {"en": "by", "de": "um", "fr": "de", "es": "un|en un|en"}
"""What leads from a word of change to how much."""

REFERRING = (
    "section sections sec. secs. sect. chapter chapters ch. chap. page pages p. pp. pg. table tables tab. figure figures fig. figs. "
    "footnote footnotes note notes annex annexes appendix appendices paragraph paragraphs para. paras. para chart charts "
    "exhibit box boxes graph map maps plate equation eq. item items step steps line lines column row rows part parts "
    "question questions recommendation recommendations volume vol. vols. slide attachment panel reference ref. "
    "abschnitt kapitel seite s. tabelle abbildung abb. fußnote anhang absatz anlage "
    "sección capítulo página tabla cuadro gráfico anexo párrafo chapitre tableau graphique annexe paragraphe"
).split()
"""Words before the number of a part of a text."""
NAMING = (
    "article articles art. artikel artículo rule rules schedule clause clauses act directive title version v. ver. release "
    "phase stage tier type class category grade level scope goal goals target sdg sdgs model route highway motorway line gate room building "
    "platform terminal unit unit. flight channel pillar objective priority option scenario lot block district zone sector "
    "chapter division apollo windows group series batch round quarter week day lane junction exit reactor field list "
    "formula agenda horizon vision number numbers no. nos. nr. núm. n° nº № #"
).split()
"""Words that a number makes a name with: Phase 2, Article 5, Scope 3."""
RANKING = "ranked ranks ranking rank placed places finished came position place".split()
ISSUING = "resolution regulation decision decree order law bill circular decree ordinance isbn issn doi case docket notice patent recital un/".split()
"""Words before the number of a document."""
DIALLED = "call phone telephone tel tel. fax mobile hotline dial whatsapp".split()

NOT_COUNTED = frozenset(
    "as is was has its this plus versus across towards besides less unless perhaps always perhaps sometimes years whereas "
    "series thus yes does goes says means makes takes gives gets comes becomes remains includes contains comprises shows "
    "sees needs wants covers provides allows applies requires represents exceeds reaches rises falls grows remains us "
    "respectively times afterwards upwards downwards onwards backwards regardless minus focus status basis analysis "
    "crisis versus campus census consensus process access progress success business".split()
)
"""Words in -s that are no plural: a number before one counts nothing (5 versus 6)."""
COUNTED = frozenset(
    "people men women children staff cattle sheep fish aircraft personnel species households feet mice teeth".split()
)
"""Plurals without -s."""
LEADING_ON = frozenset(
    "and or of in to the is was are were for by from on at as than with but that which who while per against versus via a an "
    "it its this these those he she they we you i be been will would can could should may might must has have had do does "
    "not no if when where then there so because after before until since during through between among within without into "
    "onto out off up down over under again further also et und der die das den le la les de des du en el los las y o".split()
)
"""Words that what is counted never begins with."""
EXACT = "index score scored ratio average averaged median mean reached reaching hit stood stands totalled totaled total totals amounted".split()
