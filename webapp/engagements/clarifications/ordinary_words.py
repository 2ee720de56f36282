"""Words that many organisations have in their names, so that by themselves they tell of none."""

from __future__ import annotations

_GENERIC = """
the and for with from academy action advice agency alliance assist associates association associated board business
care caring carers centre centres centred charitable charity child children choice cic cio clinic clinical clinics co
collaborative college company communities community connect consortium consultancy consultants consulting cooperative
council counselling crisis dental dentistry dentists development diagnostic diagnostics digital disability doctor
doctors drug education emergency employment enterprise enterprises experts family families federation first forum
foundation friends general global group groups health healthcare healthy help holdings home homes hospice hospices
hospital hospitals housing independent info initiative institute integrated international justice learning life
limited living llp local ltd mail management medical medicine medics mental mind ministry national network networks
nhs nursing office officer online organisation outreach partner partners partnership pathways people pharmaceutical
pharmacies pharmacy physio physiotherapy plc practice practices prevention primary prison private project projects
providers provision psychological psychology public recovery rehabilitation residential resource resources response
royal sector secure service services sexual smile social society solutions specialist specialists standard support
surgeries surgery system systems talking team teams technologies technology therapies therapy together training
treatment trust trustees union university urgent vision voluntary welfare wellbeing women working works young youth
east eastern midland midlands north northern south southern west western central greater upper lower northeast
northwest southeast southwest england english britain british scotland scottish wales welsh ireland irish kingdom
united city county district regional region rural town urban borough
answer answers bid bidder bidders bids commissioner commissioners commissioning contract contractor contractors
contracts engagement lot lots procurement provider question questions site sites staff supplier suppliers tender tenders
"""
_ORDINARY = """
able access active advance aim all alpha anchor angel apex arc ark aspire back barn beacon bell better beyond black
blue bold bright bridge bridges bring broad brook build call castle change changes church circle clear cloud coast
compass core corner cornerstone court cover create cross crown day deep direct door dove dream each edge end equal
evolve eye fair faith far field fields fire fit five focus force forest forward four free fresh full future garden
gate gateway gold golden good grace great green grow growth hall hand hands harbour haven head heart hearts high hill
hope horizon house ideal impact inspire island join journey jubilee key kind kite lake lead leaf level light
lighthouse link links lion little live lives long love main make many mark maple market matters meadow mill mission
moon more move moving new next nine oak oaks olive one open orange orchard our out own park path pathway peak personal
phoenix pier place plus point positive power premier prime priority progress promise pure quality quest quick radiant
rainbow reach ready real red release renew right rise rising river road rock root roots rose route safe saint sage
seven shield shine side signpost silver simply six sky solid spark spring spire square stable star start stone step
steps stepping stream street strength strong sun sure swan target ten three time titan total touch tower transform
tree trees trinity true turn turning two unique unity value valley venture vital voice wall water wave way ways well
wells white willow wise wood woods work world your zone
"""
_ABBREVIATIONS = """
AE AI AM AND CAMHS CCG CEO CIC CIO CPD CQC CV DBS DHSC DNA EOI EU FAQ FT GDP GDPR GP HMP HR ICB ICS IG IT ITT KPI LA
MH NE NHS NI NICE NW OH OK ONS OT PA PC PCN PDF PIN PM PSR QA RN SE SEN SLA SME SW TUPE TV UK US VAT VCSE WTE
"""

GENERIC = frozenset(_GENERIC.split())
"""Never telling alone, in lower case."""
ORDINARY = frozenset(_ORDINARY.split())
"""Telling only with a capital, or in capitals."""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""Initials that mean something else to everybody here."""
