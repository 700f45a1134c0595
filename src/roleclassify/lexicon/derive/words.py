"""Word lists of English prose about work; data, no logic."""

from __future__ import annotations

DETERMINERS = frozenset(
    "a all an any both certain different each every few her his its many more most multiple my new numerous other "
    "our own several some such that the their these this those various your".split()
)
"""May stand between a verb and its object, and are left out of a phrase."""

JOINING = frozenset("and or of for in on to with by from vs versus as at the a an".split())
"""Words that are no part of a name that they stand in."""

OBJECT_PREPOSITIONS = frozenset("by with from to between among alongside than".split())
"""A role behind one of these is not the one spoken of."""

SUBJECT_WORDS = frozenset("of as is are am being be become".split())
"""A role behind one of these is the one spoken of: "the tasks of an X", "working as an X"."""

CONTRASTS = frozenset("whereas while whilst but however unlike although though".split())
"""Words at which a sentence turns to the other role."""

PRONOUNS = frozenset("they he she these this it their his her".split())
"""A sentence that begins with one of these goes on about what the sentence before it speaks of."""

BOTH = ("both", "two roles", "either role", "the two", "overlap", "in common", "similarities")
"""Say that a sentence is about both roles."""

CLOSING = frozenset("summary conclusion conclusions overview introduction differences similarities comparison".split())
"""A heading with one of these ends the section of a role."""

CUES = ("rather than", "instead of", "as opposed to")
"""Behind these stands what the work is not."""

VERB_CUES = frozenset(
    "also always can could did do does he i mainly may might mostly must never not often primarily shall she should "
    "sometimes that then they to typically usually we which who will would you".split()
)
"""A word that may be a verb is one behind these."""

AUXILIARIES = frozenset("am are be been being is was were".split())
"""Make a verb of the form in -ing behind them."""

CONTENT_STOPS = frozenset("make take give show keep put move call serious full".split())
"""Stop words of spaCy that phrases of work are made of."""

FUNCTION_WORDS = frozenset(
    "along apart best better concerning despite during e.g etc i.e including like longer than towards upon via "
    "within without yet".split()
)
"""Function words that spaCy's list of stop words lacks."""

GERUND_NOUNS = frozenset(
    "accounting advertising banking computing consulting engineering gaming learning manufacturing marketing nursing "
    "programming teaching trading".split()
)
"""Are nouns where another noun follows: "programming languages", but "building pipelines"."""

BEFORE_NAMES = frozenset("and as like or using with".split())
"""A capitalised word that stands alone behind one of these, or in a list, is a name."""

PARTICLES = frozenset("down into off on out over up with".split())
"""May stand between a verb and what it is done to or with: "carry out", "work with"."""

INTRODUCING = ("like", "such as", "including", "e.g", "for example")
"""Stand between a kind of thing and a list of such things: "tools such as"."""

EMPTY_VERBS = frozenset(
    "be become begin care come concern consist depend do expect experience feel find follow go have include involve "
    "know let like look matter mean need refer relate require see seem start tend think want".split()
)
"""Verbs that say nothing of the work they stand in front of."""

FRAME = frozenset(
    "ability advantage answer applicant area article aspect bachelor background basis benefit candidate career case "
    "certification clear company concept course crucial day day-to-day deep degree detail difference different "
    "discipline distinct diverse duty education employee employer employment essential example excellent experience "
    "expertise fact familiarity field focus function general goal good great hand help high highly important "
    "interest job key kind knowledge level life lot main manner master member month motive name new objective offer "
    "opportunity organisation organization outstanding overall overlap particular passionate path pay person place "
    "play position practice primary proficiency proficient profile qualification range ready relationship relevant "
    "requirement responsibility responsible right robust role salary sense set similarity skill solid something sort "
    "specialization strong summary sure task team thing time title today understanding vacancy valued variety way "
    "week work worker year".split()
)
"""Words with which any work is described: alone they tell nothing of what is done."""

LEVELS = (
    *("senior", "sr", "junior", "jr", "lead", "principal", "staff", "associate", "chief", "head", "graduate"),
    *("trainee", "entry level", "mid level", "experienced", "assistant", "deputy", "freelance"),
)
RANKS = ("i", "ii", "iii", "iv", "1", "2", "3", "intern", "internship", "lead", "manager", "role", "position")
OTHERS = (
    *("with", "alongside", "support", "supports", "supporting", "enable", "enables", "help", "helps", "helping"),
    *("by", "between", "our", "their", "other", "mentor", "mentoring", "coach", "coaching", "report to", "reports to"),
)
OWN = (
    *("hiring", "hire", "seeking", "seek", "seeks", "looking", "recruiting", "as", "role", "position", "join"),
    *("become", "title", "wanted", "need", "needs", "vacancy", "opening", "am", "is", "was", "job", "our next"),
)
