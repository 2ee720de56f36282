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

NUMBER_WORDS = frozenset(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions
    half third quarter fifth tenth first second third fourth last next once twice dozen couple
    """.split()
)
ARTICLES = frozenset("a an the".split())
POSSESSIVES = frozenset("my our your his her their its the".split())
AMOUNTS = frozenset("no more fewer less".split())
"""Words that may open a title, since it would say something else without them: "no parking"."""

PREPOSITIONS = frozenset(
    "of for in on with from to at between after before about by without across within into".split()
)
JOINING = frozenset("of for in on with from to between after before without across".split())
"""Prepositions that join two noun phrases into one."""

ENDING = frozenset("and but by".split())
"""Words before which what was done may end in "to": "listened to and understood"."""

WITH_UP = frozenset("top follow check back catch start".split())
"""Words that make a noun with "up": "follow up"."""

AFTER_FIRST = frozenset("class rate aid".split())
"""Words that make one thing with "first", which is no number then: "first class care"."""

EASE = frozenset("easy easier hard harder difficult impossible".split())
"""What a verb may complete to a title: "easy to understand"."""

BEING = frozenset("am is are was were be been being it's that's i'm we're they're he's she's you're".split())
SUBJECTS_AND_MODALS = frozenset(
    """
    i we you he she they who us me him them will would can could shall should may might must cannot can't don't doesn't
    didn't won't wouldn't couldn't shouldn't not i'd we'd they'd i'll we'll they'll i've we've they've
    do does did please someone everyone anyone nobody somebody everybody
    """.split()
)
"""After one of these comes a verb: "we need", "us bidding"."""

INVERTING = frozenset(
    """
    do does did can could will would should shall may might must
    don't doesn't didn't can't couldn't won't wouldn't shouldn't dont doesnt didnt cant couldnt wont wouldnt shouldnt
    """.split()
)
ASKING = frozenset("why how when where what which who and or but so if then".split())
POINTING = frozenset("this that these those any".split())
"""What begins a question, what may stand before it and what after it: "when does this card work"."""

SUBJECTS = frozenset(
    """
    i we you he she they it this that there and but or so because as i'm i've i'd we're we've you're he's she's it's
    they're they've that's there's im ive hes shes its weve theyve thats theres
    """.split()
)
"""Who or what a remark begins by speaking of, and words that join it to the one before."""

LEADING = frozenset(
    "has have had having also feel felt think thought believe just really very quite so all always".split()
)
"""Words that may follow a subject, besides forms of "be", without which a remark still says what it says."""

DENYING = frozenset("can't couldn't cannot wouldn't don't won't not cant couldnt wouldnt dont wont".split())
BEGINNINGS = frozenset("too everyone everybody everything keep nowhere".split())
"""What a remark that is a title may begin with: "too old", "everyone was helpful", "nowhere to park"."""
NOTHING = frozenset("nothing noone nobody".split())
"""What it may begin with before a form of "be": "nothing was too much trouble"."""

UNKNOWN_OUTSIDE = frozenset("i me us him his her them their you your it its we they he she that which some".split())
"""Whom and what only the rest of the comment makes known: a remark that holds one of these is no title."""

ADVERBS = frozenset(
    """
    absolutely again ago ahead alone already also altogether around away back else enough especially forever forward
    hence however indeed instead later mostly nearly never nowadays perhaps soon somewhat straight therefore though
    throughout thus today together tomorrow tonight too twice whatsoever yesterday yet anymore everywhere anywhere
    somewhere nowhere overall nearby far longer whenever wherever particularly simply extremely hours-long ie like
    unlike
    please able willing unable due regarding anyone someone everyone everybody anybody somebody nobody none nothing
    good bad better best great nice well pretty
    im ive hes shes theyre youre weve theyve thats whats theres dont didnt doesnt isnt arent wasnt werent cant wont
    couldnt wouldnt shouldnt havent hasnt hi hello hey dear non
    """.split()
)
ADJECTIVES = frozenset(
    """
    poor excellent friendly lovely kind happy unhappy helpful amazing brilliant
    fantastic wonderful perfect outstanding superb exceptional professional unprofessional efficient inefficient clear
    unclear clean dirty safe unsafe quick quicker slow slower fast faster easy easier hard harder difficult simple
    complex long longer longest short shorter shortest high higher highest low lower lowest large larger largest small
    smaller smallest big bigger biggest new newer old older oldest young younger early earlier late later recent
    current previous former future full empty free fair unfair open closed cheap cheaper expensive dear costly tight
    big main major minor key core single double shared joint separate different similar various several whole entire
    total real true right wrong certain sure likely unlikely specific general common rare usual unusual normal regular
    frequent constant daily weekly monthly yearly annual quarterly local regional national international public private
    social clinical medical dental mental physical oral human personal individual internal external primary secondary
    urgent important essential necessary sufficient insufficient adequate inadequate appropriate inappropriate suitable
    unsuitable acceptable realistic unrealistic reliable unreliable secure remote rural urban warm cold hot cool quiet
    noisy loud bright dark light heavy soft comfortable uncomfortable pleasant unpleasant relaxed calm polite rude
    caring kindest happier happiest gentle attentive approachable knowledgeable informative understanding supportive
    compassionate respectful thoughtful considerate courteous welcoming reassuring competent experienced skilled
    qualified prompt timely punctual thorough accurate detailed consistent inconsistent flexible inflexible positive
    negative healthy ill sick well-run disabled elderly vulnerable tired busy available unavailable present absent
    ready fresh tasty delicious bland greasy healthy decent fine satisfied satisfactory pleased grateful thankful
    disappointed disappointing worried anxious upset frustrated frustrating confused confusing shocked surprised
    credible fixed variable unknown incomplete complete missing extra additional further existing other own alternative
    effective ineffective multiple wider wide narrow deep strong weak stronger better-quality unviable viable workable
    unworkable impossible possible forensic specialist anonymised safer invaluable valuable useful useless successful
    interesting boring fun sad angry scared lonely alone independent intensive acute chronic severe mild serious
    immediate direct indirect central senior junior chief indicative willing hourly tidy untidy spotless immaculate
    clearer honest smiling aware soggy welcome stressful
    annoying intimidating distressing shorter-term terrible awful horrible dreadful appalling incredible
    longer-term straightforward fab fabulous lacking non-urgent multidisciplinary
    """.split()
)
"""Adjectives that their ending does not give away, and common ones that it does."""

VERBS = frozenset(
    """
    accept achieve add admit advise afford agree allow answer appear apply appreciate arrange arrive ask assume attend
    avoid bear become become begin believe belong bring brought build built buy call came cannot cancel carry catch
    cause cease choose chose clear come comes commit complain complete consider consist contain continue contribute
    convince cover create cut deal-with decide decrease define deliver depend describe deserve design-to determine
    develop die differ discuss do doing done draw drew drive drop earn eat employ enable encourage end-up engage enjoy
    ensure enter establish examine exist expect explain express extend fail fall favour fell felt find fit follow forget
    force found gain gave give go got grow happen hate have hear heard held hire hold hope identify ignore imagine
    imply improve include increase inform intend introduce invest involve issued join keep kept knew know known lead
    learn learnt leave left let lie listen live lose lost love made maintain make manage mean meant meet mention met
    might move must obtain occur offer open-up operate organise overcome owe own paid pick prefer prepare prevent
    produce prove provide publish put raise ran reach react read realise receive recommend recover recruit reduce
    reflect refuse relate rely remain remember remove repeat replace require resolve respond return rise risen rose
    rule run rush sat saw say seek seem seen sell send sent serve set settle shaped share show shown shut sit solve sort
    speak spend spent spoke stand start stay stop struggle submit succeed suffer suggest suit supply suppose surprise
    sustain take taken talk taught tell tend thank think thought told took transform treat try turn understand
    understood use want went win wish withdraw withdrew won wonder work-out worry write written wrote look bring fund
    split send feel face
    """.split()
)
"""Verbs that are seldom nouns. "Cost", "need" and "delay" are not among them: the word before tells."""

NOUNS = frozenset(
    """
    hospital referral proposal appraisal renewal withdrawal arrival approval removal trial capital rental portal total
    professionals goal deal material journal manual signal festival animal clinic clinics traffic topic music fabric
    logic medic paramedic mechanic statistic initiative incentive objective executive detective perspective motive
    narrative directive salary library summary dictionary secretary glossary diary boundary commentary beneficiary
    family reply supply assembly anomaly monopoly table cable vegetable timetable variable-cost constable disable
    dispensary term term-time parking training planning screening housing funding staffing pricing vetting nursing
    meeting meetings building buildings waiting timing scheduling billing lighting heating cooking cleaning bedding
    handling catering counselling wellbeing feeling feelings ending opening setting settings clothing banding bidding
    screenings ratings rating learning hearing speaking cancellation shared-record breed seed need needs feed speed
    listening understanding treatment communication care staff information notice practice service services
    sharing contracting commissioning tendering working writing reporting recruiting-process prescribing leaving
    savings pay cost costs price delay delays lack visit visits work support help access answer answers offer offers
    design issue issues cover lead leads move moves change changes start talks show return returns rule rules run
    share stay end ends use worry worries complaint complaints choice increase increases supply supplies fund
    funds face-to-face look call calls cause end move record records love contract contracts thanks plan plans
    proposal proposals individual individuals patient patients
    """.split()
)
"""Nouns that their ending would give to another class, or that are as often nouns as verbs."""

VAGUE_NOUNS = frozenset(
    """
    area areas effect effects part parts kind sort stage point points fact facts case cases rest end ends number
    numbers place places day days week weeks month months year years hour hours minute minutes time times experience
    experiences idea ideas issue issues problem problems example examples people person order terms level levels use
    interest way ways matter matters aspect aspects reason reasons side top bottom today job jobs anything something
    others site sites option options change changes moment process difference situation question questions response
    members member comment comments answer answers result results body system thing improve shame trouble little
    circumstance circumstances package moment situation occasion lady basis note notes manner
    """.split()
)
"""Nouns that say little alone: no title is one of these, and a phrase that ends in one needs more to commend it."""

VAGUE_MODIFIERS = frozenset(
    """
    whole entire total overall other own same certain particular specific general various several different main major
    regular usual normal common actual possible relevant
    """.split()
)
"""Adjectives that hardly tell one thing from another: with a vague noun they make a title that says nothing."""

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
    as be can experience frank put see simply
    """.split()
)
"""An answer made of these and a denial says nothing: "no further comments at this time"."""

LEAD_INS = frozenset(
    """
    believe experience feel frank frankly honest honestly opinion present presently put say see simply think view
    """.split()
)
"""A part of a sentence that is made of these and words of grammar only leads up to what is said."""

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

ADDRESSES = frozenset(
    "dr mr mrs ms miss sir madam prof professor doctor nurse sister matron midwife consultant officer".split()
)
"""Words before the name of a person, who stays unnamed however many speak of them."""

FOR = frozenset(
    """
    accept agree agreed amazing appreciate appreciated attractive beneficial benefit benefits best better brilliant
    caring clean comfortable confident efficient encourage enjoy enjoyed excellent fantastic favour friendly glad good
    grateful great happy helped helpful improve improved kind like love lovely manageable perfect pleased polite
    positive prefer professional reassured reassuring recommend right satisfied sensible successful superb support
    supportive thank thanks useful valuable welcome welcomed well wonderful workable
    """.split()
)
AGAINST = frozenset(
    """
    against annoying anxious appalling awful bad barrier chaotic complaint concern concerned concerns confusing costly
    damage dear delay delayed delays difficult difficulty dirty disagree disappointed disappointing discourage dislike
    disruptive dreadful expensive fail failed fails failure fear frustrated frustrating hard harder hate horrible
    impossible inadequate incomplete insufficient lack lacking late miss missing object oppose opposed painful poor
    poorly problem problems refuse reject risk risky rude shortage shortages slow stop stressful struggle terrible
    unacceptable unclear unfair unhappy unrealistic unreliable unsafe unviable unworkable upset upsetting useless waste
    withdraw withdrew worried worries worry worse worst wrong
    """.split()
)
"""Words that approve or object whatever they are said of; what may do either ("cheap", "long") is in neither list."""

FLIPS = frozenset(
    """
    no not never none nothing cannot can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't couldn't
    shouldn't haven't hasn't without hardly cant dont doesnt didnt isnt wasnt wont
    """.split()
)
"""A denial turns round the words of approval or objection just after it."""
