# ruff: noqa: SIM905 - word lists are read and reviewed as running words, not as quoted items
"""The word lists of the themes engine, all of them kept here so that they can be reviewed in one place.

NLTK's own stop words need data that would have to be downloaded. These lists hold grammar and politeness only: a longer
one would take away words that are themes in a procurement, such as "system", "bill" or "interest".
"""

FUNCTION_WORDS = frozenset(
    """
    a an the this that these those some any each every both either neither such same other another own
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one ones who whom whose which what where when why how
    am is are was were be been being have has had having do does did doing done can could will would shall should may
    might must ought cannot
    and or but nor so yet if then than as because while until although though whereas whether unless since however
    of at by for with about against between into through during before after above below to from up down in out on off
    over under again further upon within without across per via
    there here all most more less few much many very too just also only even still ever quite really rather
    get gets got getting go goes going went come comes make makes made let etc eg ie
    i'm i've i'd i'll we're we've we'd we'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd
    it'll they're they've they'd they'll that's there's here's what's who's where's let's
    """.split()
)
"""Words of grammar. Negations are not among them: "no parking" and "parking" are different things to say."""

WEAK_WORDS = frozenset(
    """
    no not never don't doesn't didn't isn't aren't wasn't weren't won't can't wouldn't couldn't shouldn't haven't hasn't
    dont cant like thing things something anything everything lot lots bit think thought feel felt know want wants need
    needs use used using say said see saw please thank thanks yes ok good bad better great well nice able give given
    gave take taken took keep kept put way sure maybe always often sometimes now seem seems try tried
    """.split()
)
"""Words that take part in the grouping but tell no reader what a theme is about, so that no title rests on them."""

PHRASE_BREAKERS = frozenset(
    "i we you he she they it and or because if when who which that this is are was were".split()
)
"""Function words that end a noun phrase: no title runs across them."""

DENIALS = frozenset(
    """
    n na no none nil null nothing nope not don't dont can't cant cannot yes yep ok okay tbc tba dk rf unsure skip test
    """.split()
)
AROUND_DENIALS = frozenset(
    """
    a absolutely add additional all answer answered answers any anything applicable at certain come comes comment
    comments complaint complaints concern concerns currently declare do else far for from further give has have here
    honestly i idea ideas improve in is issue issues it know known me mind moment more much my of offer opinion
    other our particular point prefer preference present presently question really regard regarding relevant reply
    report response say so sorry specific springs stage suggest suggestion suggestions sure thank thanks that the
    there think this thoughts time to us view views we well yet you
    """.split()
)
"""An answer made of these and a denial says nothing: "no further comments at this time"."""

POINTERS = frozenset("above ditto previous previously earlier see refer answer answers question q".split())
AROUND_POINTERS = frozenset(
    """
    a also and as comment comments given in last my no number our per please response responses same stated the this to
    under
    """.split()
)
"""An answer made of these and a pointer says only where to look: "please see our answer to question 4"."""

ABBREVIATIONS = frozenset(
    """
    approx art cf co dept dr e eg esp est etc fig g hon i ie inc ltd mr mrs ms no nos p para pp prof ref rev sec st vs
    """.split()
)
"""A full stop after one of these ends no sentence."""
