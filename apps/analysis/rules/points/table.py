"""The twenty rules of Hawkeye."""

from apps.analysis.rules.points.rule import Need, PointRule, words
from apps.analysis.rules.reading.words import AMOUNT, COUNT, DATE, NUMBER, PERIOD, PERSON, PROCEDURE, REFERENCE

_DENIED = words(r"\b(?:no|not|never|none|without|nobody)\b")
_OWNER = words(r"\b(?:owner|owned by|responsible|by|leads?|approved|decided|signed)\b|\|")
_ACTION = words(r"\b(?:suspend|clos|remov|reinstat|warn|block|restrict|delist|withdr|terminat|revers|enforce|ban)\w*")

RULES: tuple[PointRule, ...] = (
    PointRule(
        1,
        (
            Need("who was affected and how many", (COUNT,)),
            Need("over which period or at what cost", (words(rf"{PERIOD.pattern}|{AMOUNT.pattern}|{DATE.pattern}"),)),
        ),
        ("impact", "summary"),
        satisfied_reason="Who, how many and the period or amount are stated.",
    ),
    PointRule(
        2,
        (
            Need("the procedure that was followed, with its reference", (PROCEDURE, REFERENCE)),
            Need(
                "the evidence that was read",
                (
                    words(
                        r"\b(?:quer|export|log|record|report|screenshot|ticket|mail|interview|test purchase|scan|pulled|compared|read)\w*"
                    ),
                    REFERENCE,
                ),
            ),
        ),
        ("investigation", "background"),
    ),
    PointRule(
        3,
        (
            Need(
                "a class of actor",
                (
                    words(
                        r"\b(?:bad|good|confused|honest|negligent|careless|malicious)\b.{0,20}\b(?:actor|seller|faith)\b|\bclassif\w+"
                    ),
                ),
            ),
            Need(
                "evidence of intent, history or response",
                (words(r"\b(?:intent|history|response|responded|first|previous|earlier|prior|record)\b"), NUMBER),
            ),
        ),
        ("classification", "background"),
        trigger=words(r"\bseller\b|\baccount holder\b|\bmerchant\b"),
    ),
    PointRule(
        4,
        (
            Need(
                "the policy that was broken",
                (
                    words(r"\b(?:polic|rule|clause|section|article|terms|procedure|code)\w*"),
                    words(r"[A-Z]{1,5}-?\d|\b\d+(?:\.\d+)+|\bsection \d|\bclause \d|polic\w+"),
                ),
            ),
            Need(
                "why this action and no other",
                (
                    words(
                        r"\b(?:because|since|proportionate|rather than|instead of|milder|lesser|reason|warranted|sufficient|enough)\b"
                    ),
                    _ACTION,
                ),
            ),
            Need("who decided", (PERSON, words(r"\b(?:decid|approv|sign|order|author|confirm|owner)\w*"))),
        ),
        ("resolution",),
        trigger=_ACTION,
    ),
    PointRule(
        5,
        (
            Need(
                "an independent verification with method and result",
                (
                    words(
                        r"\b(?:register|laborator|issuer|bank|manufacturer|rights owner|telephoned|called|independent|test(?:ed)? |notary|authority)\w*"
                    ),
                    words(r"\b(?:confirm|found|result|stated|answered|showed|matched|failed|passed|denied)\w*"),
                ),
                none_of=(words(r"\blooks?\b|\bappear"),),
            ),
        ),
        ("investigation",),
        trigger=words(
            r"\bcounterfeit|\binauthentic|\bforged|\bfake\b|\bsafety\b|\bregulated|\bprescription|\bsupplement|\bhazard|\brecall|\btoxic|\bbattery\b"
        ),
    ),
    PointRule(
        6,
        (
            Need(
                "how many appeals there were",
                (
                    words(
                        r"\b(?:two|three|four|five|six|second|third|fourth|\d+)\b.{0,25}\bappeals?\b|\bappeals? (?:1|2|3|one|two|three)\b"
                    ),
                ),
            ),
            Need(
                "a look back at the earlier decisions",
                (
                    words(
                        r"\b(?:re-?read|earlier decisions?|looking back|retrospect|reviewed again|first (?:refusal|rejection|decision)|previous decisions?|correct at the time|should have)\b"
                    ),
                ),
            ),
        ),
        ("background", "investigation"),
        trigger=words(
            r"\bappeals\b|\b(?:second|third|fourth|repeated|multiple|two|three)\s+appeal|\breinstated\b.{0,60}\bagain\b|\brepeat(?:ed)? violation"
        ),
    ),
    PointRule(
        7,
        (
            Need(
                "how the holder was authenticated",
                (
                    words(
                        r"\b(?:holder|owner|seller|identity|he|she)\b.{0,80}\b(?:authenticat|verif|confirm|video|call|passport|identif)\w*|\b(?:authenticat|video call|identity check)\w*"
                    ),
                ),
                (_DENIED,),
            ),
            Need(
                "that other users of the account were checked",
                (
                    words(
                        r"\b(?:secondary|other|sub-?|second|additional)\s*-?(?:users?|logins?|accounts?)\b|\buser rights\b|\ball (?:\w+ )?users\b"
                    ),
                ),
                (words(r"\bnot (?:checked|examined|reviewed)\b"),),
            ),
        ),
        ("investigation",),
        trigger=words(
            r"\b(?:new|unknown|unrecognised|unrecognized|foreign|different) (?:device|login|user|ip|bank account)|\b(?:bank|payout|e-?mail|phone|password)\b.{0,30}\b(?:changed|change|reset|replaced)\b|\bhijack|\btakeover|\btaken over|\bhacked|\bwas not me|\bdid not (?:do|make|list|change) (?:this|that|it|these|those)|\blogin from\b"
        ),
    ),
    PointRule(
        8,
        (
            Need("the amounts at stake", (AMOUNT,)),
            Need(
                "why money was held or released",
                (
                    words(r"\b(?:held?|hold|releas|withheld|freeze|frozen|refund|paid out|disburs|reserve)\w*"),
                    words(
                        r"\b(?:because|until|pending|to cover|under|after|since|for (?:the )?(?:refund|chargeback|claim)s?)\b"
                    ),
                    AMOUNT,
                ),
            ),
        ),
        ("resolution", "impact"),
        trigger=words(
            r"\b(?:disburs|refund|chargeback|payout|withheld|proceeds|funds|reimburs)\w*|\bheld back\b|\bmoney\b"
        ),
    ),
    PointRule(
        9,
        (
            Need(
                "channel and date of the contact",
                (
                    words(
                        r"\b(?:mail|e-?mail|message|telephone|phone|call|letter|portal|contacted|wrote|asked|notified)\w*"
                    ),
                    DATE,
                ),
            ),
            Need(
                "what was asked and answered",
                (
                    words(r"\b(?:asked|request|question)\w*"),
                    words(
                        r"\b(?:answer|repl|respon|sent|did not|no (?:answer|reply|response)|returned|provided|confirmed)\w*"
                    ),
                ),
            ),
        ),
        ("resolution", "investigation"),
        trigger=words(r"\bseller\b|\bcontacted\b|\boutreach\b|\bwrote to\b"),
    ),
    PointRule(
        10,
        (
            Need(
                "that the trigger was routed, to which team and when",
                (
                    words(r"\b(?:escalat|rout|passed|forward|handed|sent|refer)\w*"),
                    words(r"\b(?:team|desk|legal|safety|press|executive|counsel|relations)\b"),
                    words(rf"{DATE.pattern}|\b\d{{1,2}}:\d{{2}}\b|\bwithin\b|\bsame day\b|\bhours?\b"),
                ),
            ),
        ),
        ("resolution",),
        trigger_in_quotes_only=True,
        trigger=words(
            r"\b(?:lawyer|solicitor|attorney|court|sue|legal action|journalist|newspaper|press|burn|injur|hospital|sick|ill\b|furious|outrag|disgrace|angry|unacceptable|scandal|shame|threat|liar|liars|thieves|robbed)\w*|!!"
        ),
    ),
    PointRule(
        11,
        (
            Need(
                "a causal chain",
                (words(r"\b(?:because|since|so that|led to|therefore|caused|as a result|which meant|why)\b"),),
            ),
            Need(
                "the control that failed",
                (
                    words(
                        r"\b(?:control|check|rule|threshold|validation|queue|gate|alert|test|step|form|field|filter|limit|mapping|configuration|template|procedure)\b"
                    ),
                    words(
                        r"\b(?:did not|does not|not|no|never|missing|failed|lacked|without|only|allowed|skipped|ignored)\b"
                    ),
                ),
            ),
        ),
        ("cause",),
        spoiled_by=words(
            r"root cause (?:was|is) (?:a |an |the )?(?:human error|mistake|seller|lack of (?:care|attention)|oversight|negligence|greed)|\b(?:was|were) (?:simply )?(?:a )?human error\b"
        ),
    ),
    PointRule(
        12,
        (
            Need(
                "an action with owner and date",
                (
                    DATE,
                    words(rf"{PERSON.pattern}|\|"),
                    words(r"\b(?:will|add|change|train|build|introduce|update|review|check|by)\b|\|"),
                ),
            ),
            Need(
                "a check of the effect",
                (words(r"\b(?:effect|measure|audit|sample|re-?check|review|verif|monitor|compare)\w*"), DATE),
            ),
        ),
        ("prevention",),
        spoiled_by=words(
            r"\b(?:will be improved|improve training|more careful|better training|be more vigilant|as soon as possible|in due course|date to be (?:set|agreed)|owner to be)\b"
        ),
    ),
    PointRule(
        13,
        (Need("references to the evidence", (REFERENCE,)), Need("dated events", (DATE,))),
        ("documentation", "timeline"),
        spoiled_by=words(
            r"\bTB[DCA]\b|\bXX+\b|\[(?:name|date|insert|number|team|amount|id|owner)[^\]]*\]|<(?:name|date|insert)[^>]*>|\?\?\?|_{3,}"
        ),
    ),
    PointRule(
        14,
        (
            Need(
                "the teams with what each contributed",
                (
                    words(
                        r"\b(?:team|desk|legal|safety|payments|logistics|finance|privacy|compliance|support|operations|engineering)\b"
                    ),
                    words(
                        r"\b(?:confirm|approv|check|provid|sent|review|contribut|decid|stat|agreed|supplied|released|ran|handled)\w*"
                    ),
                ),
            ),
        ),
        ("timeline", "resolution"),
        trigger=words(
            r"\b(?:handed|passed|forwarded|escalated|vendor|payments team|legal|logistics|other team|safety team|finance|regional|support team)\b"
        ),
        spoiled_by=words(
            r"\b(?:was|were) (?:handed|passed|forwarded|sent) (?:over |on )?(?:to another team|to the relevant team|elsewhere|internally)\b|\bthe relevant team\b"
        ),
    ),
    PointRule(
        15,
        (
            Need(
                "an independent check with its result",
                (
                    words(
                        r"\b(?:second (?:reader|reviewer|investigator)|peer review|independent|no part in|not involved|audit|sampl|four-eyes|quality (?:control|review|check)|re-?worked|re-?read)\w*"
                    ),
                    words(
                        r"\b(?:found|agreed|confirm|result|same|differ|no (?:error|deviation|objection)|pass|correct)\w*"
                    ),
                ),
            ),
        ),
        ("documentation", "investigation"),
    ),
    PointRule(
        16,
        (
            Need(
                "a lesson with a change to procedure, training or tool",
                (
                    words(r"\b(?:sop|procedure|training|guide|tool|checklist|playbook|module|course|template)\b"),
                    words(r"\b(?:will|change|add|update|new|revis|amend|rewrit|teach|train|extended|now)\w*"),
                ),
            ),
        ),
        ("prevention",),
        trigger=words(
            r"\b(?:root cause|because the (?:rule|tool|procedure|check|form|system)|weakness|did not (?:check|flag|cover|compare)|gap in|missing (?:check|step|rule)|control)\b"
        ),
    ),
    PointRule(
        17,
        (),
        ("summary",),
        spoiled_by=words(
            r"\b(?:liar|lied|lying|idiot|stupid|lazy|incompeten|disgust|shameless|pathetic|obviously guilty|crook|scum|outrageous|ridiculous|careless|sloppy|clueless|useless|greedy|shocking|disgrace)\w*"
        ),
        satisfied_reason="The words are neutral and subjects act.",
    ),
    PointRule(
        18,
        (
            Need(
                "a metric with its baseline",
                (
                    words(r"\b(?:from|baseline|today|currently|was|now)\b"),
                    NUMBER,
                    words(r"\b(?:rate|share|number|per|time|hours|days|cases|target|metric|below|under|to)\b|%"),
                    words(r"\b(?:target|below|under|to|at least|at most|goal|aim)\b"),
                ),
            ),
            Need(
                "when it is measured",
                (
                    words(r"\b(?:measured|baseline|target|metric|tracked)\b"),
                    words(rf"{DATE.pattern}|\b(?:monthly|weekly|quarter|every)\b"),
                ),
            ),
        ),
        ("prevention", "summary"),
    ),
    PointRule(
        19,
        (
            Need(
                "the obligation and how it was handled",
                (
                    words(
                        r"\b(?:legal|counsel|privacy|data protection|regulation|law|act|directive|contract|authority|regulator|sla)\b"
                    ),
                    words(
                        r"\b(?:consult|notif|advis|confirm|informed|report|review|deadline|within|approved|asked)\w*"
                    ),
                ),
                none_of=(words(r"\bnot (?:yet )?(?:been )?(?:consulted|notified|informed|asked)\b"),),
            ),
        ),
        ("resolution", "impact"),
        trigger=words(
            r"\b(?:regulat|personal data|data protection|gdpr|trade ?mark|copyright|patent|rights owner|injur|authorit|police|customs|sla|breach of contract|prescription|licen[cs]e|privacy|recall|tax)\w*"
        ),
    ),
    PointRule(
        20,
        (
            Need(
                "the scope of the launch",
                (words(r"\b(?:pilot|scope|limited to|phase|per ?cent of|first (?:market|region|week))\b"),),
            ),
            Need(
                "a check of readiness",
                (
                    words(
                        r"\b(?:readiness|go-?live check|dry run|tested (?:on|in|with)|acceptance|checklist|rehears|sign-?off)\w*"
                    ),
                ),
            ),
            Need(
                "how it is rolled back",
                (words(r"\broll(?:ed|ing)?[- ]?back\b|\brevert|\bswitch(?:ed)? off\b|\bfall ?back\b"),),
            ),
        ),
        ("background", "cause"),
        trigger=words(
            r"\b(?:launch|roll-?out|rolled out|pilot|go-?live|went live|new (?:tool|rule|feature|vendor|policy|version|filter|model|system|process))\b"
        ),
    ),
)
