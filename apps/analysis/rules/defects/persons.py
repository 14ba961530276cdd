"""Whether a sentence names a person, and not merely a team or a company in capitals."""

import re

from apps.analysis.rules.reading.words import PERSON

_NOT_A_PERSON = re.compile(
    r"\b(?:Desk|Team|Support|Security|Operations|Payments|Legal|Integrity|Engineering|Systems|Tools|Appeals|Abuse|Queue"
    r"|Listings|Returns|Care|Safety|Quality|Audit|Compliance|Privacy|Finance"
    r"|Trust|Risk|Logistics|Catalogue|Marketing|Sales|Product|Portal|Service|Services|Group|Department|Unit|Office|Centre"
    r"|Center|Committee|Relations|Communications|Review|Procedure|Policy|Section"
    r"|Limited|Ltd|Inc|GmbH|Home|Store|Shop|Trading|Supplies|Kitchen|Lighting|Outdoor|Wellness|Toys|Cameras|Grooming|Lane"
    r"|Pages?|Marketplace|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|January|February|March|April|May|June|July|August|September|October|November|December|The|This|After|Before|When|In|On"
    r"|At|From|No|Every|Each|All|Our|We|It|Two|Three|Sellers?|Buyers?|Article)\b"
)


def has_person(text: str) -> bool:
    """At least two capitalised words in a row, none of which belongs to a team, a company or the calendar."""
    return any(not _NOT_A_PERSON.search(match.group()) for match in PERSON.finditer(text))
