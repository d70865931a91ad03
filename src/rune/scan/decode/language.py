"""What language looks like, for telling a decoded sentence from noise: common words, letter sequences and letter pairs.

Counted in the development data's rows that may be learned from (English for the most part), with the words that instructions to agents are
made of on top. The sequences are a cover: nearly every stretch of 60 letters of such text contains one.
"""

from __future__ import annotations

from itertools import pairwise


def _split(text: str) -> list[str]:
    return text.split()


WORDS = frozenset(
    _split(
        """
        a abandon abide ability able about above abs absolutely academic access accordingly account accuracy accurate across act acting
        action actions active activities activity acts actual actually ada adalovelace add added adding addition additional additionally
        address adhere adjust admin administrator advanced advice after again against age agent agents ai aim aims alien align all allow
        allowed allowing allows alpha already also alternate always am amazon among amoral amount an analysis analyze ancient and angle
        another answer answered answering answers any anyone anything api apis apologize app apple application applications apply
        appointment approach appropriate approve approved april architecture are area areas arguments around art article artificial
        arxiv as ask asked asking asks assist assistant associated assume ast astronaut at atmosphere attachments attack attacker
        attacks attendees attention audience audit augmented august author authorize authorized autogen available avoid aware away back
        background bad bank base based bash basic bcc be because become been before begin beginning behavior behind being believe
        believes below benefits best better between bevbuzz beyond bio black blob block blocks blog blue body bomb bot both bound
        boundaries box branches brazil break breaking brief bring broken browse budget build building built bullet business but by
        bypass bypassing calculate call called calling calls camera can cancel canceled cancelled cannot capabilities capable card care
        case cases category cause causing censor censorship center century certain chain challenges change changed changes channel
        character characters charged chat chatbot check checking chef choose city clarity class clean clear clearly click client close
        code coding color come command commands commentary comments common communicate community companies company complete completed
        completely complex comply components comprehensive computer concatenate concept concern condition conditions confident
        confidential config configuration confines confirm consciousness consent consequences consider considered constantly constraint
        constraints contact contain contained containing contains content context continue control controls conversation conversations
        core correct cost could country course create created creating creative credential credentials crime critical cross crucial
        culture cup curl current currently custom customer cut daily dangerous dark data database dataset datasets date day days dear
        debit december decision deep def default define defined delete dell deployment depth describe description descriptive design
        designed destroy detail detailed details detect detection detective determine dev develop developed developer developers
        development dialogue did die different digital direct directive directives directly directory discard disclaimer disclaimers
        discount discovered discussed disgusting dismiss disobey display disregard disregarded disregards do docappointment docs doctor
        document documentation documents doe does doesnt doing done dont down download drug due during each earlier earth easily easy
        economy educational effective effectively effects efficient efficiently efg either elements else email emails emojis emotions
        end energy engage engaging english enhance enjoy enough ensure ensuring enter entity entry environment error errors escape
        especially etc ethical ethicality ethics eval evaluate evaluation even event events ever every everyone everything evidence evil
        exact exactly example examples except exception excerpt exec execute execution exfiltrate exist existence existing exitcode
        expected experience experienced expert explain explanation explicit exploit exploiting explore express expression external extra
        extract extreme extremely eye face facebook fact factors fake false family famous far favorite feature features feb february
        feedback feel feelings feels few fictional field figure file files fill film filter filtering filters final finally financial
        find fine first flavor flow focus folder follow followed following follows food for foregoing forever forget forgets forgetting
        forks form format forward found framework free freed freedom freely friend friendly from front fuck full fully fun function
        functionality functions further future gain game games gave general generate generated generating generation genetic germany get
        getting ghi gift github give given gives giving global go goal goals goes going good google got government gpt great group
        growth guard guardrails guidance guide guideline guidelines hack hacking had hand handle handling hard harm harmful has hate
        have having he head health heart hello help helpful her here hey hidden high higher highly him his historian historical history
        holmes home how however html huggingface human humanity humans hypothetical i id idea ideas identify identity if ignore ignored
        ignores ignoring illegal image images imagine img immediate immediately immerse immoral impact implement implementation import
        importance important imposed improve in inappropriate inbox inc include includes including increase index indicate individual
        individuals industry inference influence info inform information inhumane initial injection input inputs insert inside insights
        inspiron install instance instead instruct instructed instruction instructions insult integrate integration intel intelligence
        intelligent intended interaction interactions interface internet interpreter intimate into introduce introduced introduction
        inventory investment invoice iphone is issue issues it its itself jailbreak jailbroken job jokes journey json june just keep key
        keys keywords kind know knowledge known knows label labels landlord language laptop large last later latest law laws lead
        leading learn learning least leave left legal legality length less let letter letters level library lie life light lighting like
        likely likes limit limitation limitations limited limits line lines link links list little living llm llms local location log
        logic long longer look looking loop lot lots love lovelace loves low machiavelli machiavellian machine made magical mail main
        maintain major make makes making malicious malware man managed management manipulate manner many march mark markdown market
        master match math matter max may me mean meaning means measures mechanism media medical member memory mention mentioned mercury
        message messages method methods microsoft mid might mind minimum missing mission mitigation mode model models modern modify
        module moment money monitor month moonchaser moral morality morally morals more most move movie much multi multiple music must
        my mysterious name named names natural nature necessary need needed needs negative neglect nemo nemoguardrails network never new
        news next niccolo night no non none nor normal normally not note notebook notes nothing notice november now nsfw number numbers
        nvda nvidia nwbk obey object objective october octocat of off offensive offer often ok old on once one online only open
        operations opinion opinions opposite optimization optional options or order orders org organization organizer original other
        others otherwise our out output outputs outside over overall override overrides overriding overrule overview owasp own owner
        package packages page paper papers paragraph paragraphs parameter parameters part particularly partner parts party password
        passwords past path patient patterns payment people per perform performance period person persona personal personality
        personalized perspective phishing phone physical pip pizza place plan planet platform platforms play playing please plot png
        point points policies policy popular position positive possible post potential potentially power powerful practices pragmatic
        pre preceding prefix premium present pretend pretending prevent prevention previous previously price prices principles print
        prior priority privacy private probably problem problems process processes processing processor produce product production
        profanity professional profile program programmed programming project promote promotes prompt prompted prompts proper protect
        protocols proudly provide provided provides providing public purchase purpose purposes put python quality query question
        questions quickly rag rails raise random range rank rate rather rating reach read readme ready real realistic reality really
        reason received recent recipient reckless recommend record records recurrence recurring red reduce refer reference refusal
        refuse refuses regardless regards regular regulations related relevant remember remembers remind remove renowned rep repeat
        replace replies reply repo report repositories repository request requested requests require required requirements requires
        research resource resources respect respond responding responds response responses responsible restriction restrictions result
        results retrieval retrieve return reveal revealing review reviewer reviews revoked right risk risks robust role roleplay room
        root rude rule rules run running safe safety said same sample san sandbox sarcasm satisfy save say saying says scale scenario
        scenarios scene schedule scheduled school score script search second secret secrets section secure security see seems seen self
        send sender sending sends sense sensitive sent sentence sentences separate separated september series server service services
        set setting setup several sex sexual shall share she shell sherlock short shot should show shows side signed significance
        significant similar simple simply simulate since single singularity site situation size skills slack slang sleek slightly slim
        small smart smith smtplib snippet so social society soft software solution solutions solve solving some someone something
        sometimes sophisticated sorry source sources south space speak special specializing species specific specifically specified
        speech spotify ssd standard standards stands stars start started starting starts state states statistics status stay steal step
        steps still stock stop storage store stories story strategies strategy street strictly string strive strong structure study
        stuff style subeject subject subsequent substitute success successful successfully such sudo suggest suggested suggestions
        suggests summarize summary superseded support supports sure swear system systems table take taking talk talking target task
        tasked tasks team tech technical techniques technologies technology tell tenant term terminate terms tesla test testing text
        than thank thanks that the thedevguy their them themselves then theory there therefore these they thing things think third this
        thomas thomasj those thought thoughts three through time times timestamp timezone tips title to today together token tokens told
        tone too tool tools top topic topics total towards track traditional train trained training transaction transactions transfer
        travel traveling tree trends true trust try trying tsla tuning tweet tweets two txt type types typical ultimate unauthorized
        uncensored under understand understanding understood unethical unfiltered unique united unless unlimited unrestricted until up
        update updated upload upon urgent url us usage use used useful user userabc username users uses using usual utc utilize valid
        validation value values variable variables various vehicle verbatim verified verify version very via video view violate violence
        violent virtual virus visibility visible visit visiting visual vulgar vulnerability wait want wants warn warning warnings was
        water way ways we weapon weather web website week welcome well were wget what whatever when whenever where whether which while
        white who whose why wide will willing winning wire with within without woman word words work working works world would write
        writes writing written wrong wrote yahoo yaml year years yes yet york you young your yourself
        """
    )
)
"""Common words, in lower case."""

KEYWORDS = tuple(
    _split(
        """
        ignore ignores ignored ignoring disregard disregards disregarded forget forgets forgetting override overrides overriding
        overrule bypass bypassing neglect discard dismiss abandon disobey violate previous previously prior earlier preceding foregoing
        instruction instructions instruct instructed directive directives guideline guidelines rules restriction restrictions constraint
        constraints policy policies safety filter filters limitation limitations order orders command commands prompt prompts system
        systems message messages developer admin administrator unrestricted uncensored jailbreak jailbroken reveal revealing display
        repeat output verbatim secret secrets password passwords credential credentials token tokens private confidential hidden forward
        upload exfiltrate transfer delete remove destroy execute download install script shell click visit database assistant agent
        agents tasks objective mission pretend roleplay character persona acting always never immediately urgent important attention
        notice instead comply following everything anything nothing until without warning warnings disclaimer refuse refusal above print
        email files model before after answer respond reply response write create explain describe detailed steps content harmful
        illegal unethical weapon malware virus hacking steal account money payment invoice approve approved authorize authorized cancel
        cancelled canceled superseded revoked please information about should first provide details adhere responses which strictly
        start using every question language solve would remember something world their example questions subject request ethical future
        other words people include description being answers access these matter follow python including because hello based generate
        moral beginning where insert human signed immoral thanks timestamp problem there break completely successfully personal
        understand going while execution update could against sorry unfiltered personality cannot asked named complete false ethics
        explicit contain behavior requests stands through interpreter change things yourself number history format different created
        public conversation includes specific legality morality amount story internet possible advice dangerous knowledge current ensure
        similar transaction saying security correct doing remind actions offensive friendly address opinions given short import think
        legal normal gives sexual amoral project action health swear provided within chatbot users between snippet apologize making
        present style original error recipient inform points price someone avoid continue individuals exactly called website input
        however username result point received solution normally creating company below sentence anyone actually service another
        programming unique disgusting accordingly regardless intelligent event function provides process loves power additional allowed
        person fictional abide single notes means inhumane hypothetical target violent server detail begin retrieve title owner typical
        share simulate again ethicality appropriate might promotes recurring memory better thank whatever master those needs freedom
        ability review location second characters sender performance responding environment general certain month designed speak
        inappropriate reviews rating random activities social wants unless consequences values seems purpose morals around state
        confines asking others censorship answering emotions total wrong situation laptop records tweet visible violence inspiron prefix
        module moment speech block
        """
    )
)
"""Words of five letters and more that instructions to an agent are made of, the telling ones first."""

TELLING = frozenset(
    _split(
        """
        ignore ignores ignoring disregard forget override overriding overrule bypass bypassing neglect discard dismiss abandon disobey
        obey violate previous prior above earlier preceding instruction instructions directive directives guideline guidelines
        restriction restrictions rules constraints policies filters reveal revealing verbatim secret secrets password passwords
        credentials confidential exfiltrate unrestricted uncensored jailbreak pretend comply instead refuse prompt
        """
    )
)
"""Words of attacks that ordinary identifiers and links rarely join to others."""

SEQUENCES = tuple(
    sequence.replace("_", " ").encode()
    for sequence in _split(
        """
        _the_ _and_ _you_ _your_ _that_ _from_ _will_ _with_ _this_ _have_ _not_ _are_ _for_ _all_ _any_ _can_ _how_ _what_ _must_ ation
        ction tions ould_ ight_ ment_ ing_th abilit above_ accept accoun admin amount answer anteri anweis avoid_ bypass change charac
        comman confid conten creden delete detail develo direct disreg download ective email_ equest execut filter follow forget forwar
        global guidel ignor import includ instea issue jailbr messag member number olvida organi oublie overri passwo people permis
        person pleas polic preten previ prior_ proble proces prompt public recipi record recurr regeln reglas remove reply_ respon
        restri result reveal review rules script search secret send_ single specif string struct system thical token transf ubject
        uncens united unrest upload vision vorher warnin which write
        """
    )
)
"""Sequences of letters (and single spaces) that nearly every sentence has one of."""

# How often a letter follows another one: 5 is chance, each step a factor of 2 ** 0.8. One row a first letter, one digit a second one.
_ROWS = (
    "26761462715869160889453161",
    "50207000420500500430400040",
    "70417007605500800537500020",
    "74458433710433640566524040",
    "85886664722779664998566650",
    "50215401600310710525501030",
    "62327325600334450545502020",
    "80219101700223720335401020",
    "64766560104769851588162104",
    "20004000000000300000300000",
    "30116101400113210043001010",
    "73468322801843740365533060",
    "74228210600252660144402040",
    "73788583713445740389444050",
    "54564753523679560967857130",
    "60026103500710740746500030",
    "00000000000000000000500000",
    "83559443804465840577533060",
    "84648536814444761479625050",
    "84549449901543850777515060",
    "64545142400656040777003000",
    "40008000600000300000100000",
    "61116005700103500333003010",
    "30102000200000040004000000",
    "52434312400333740355204010",
    "20003000100000000000000000",
)
_PAIRS = [bytes(map(int, row)) for row in _ROWS]
_CHANCE = 5
_INDEX = bytes(max(code | 0x20, 97) - 97 if chr(code).isascii() and chr(code).isalpha() else 0 for code in range(256))
_OTHERS = bytes(code for code in range(256) if not (chr(code).isascii() and chr(code).isalpha()))


def likeness(text: bytes) -> float:
    """Return how much the letters of `text` follow one another as in language: about 2 for a sentence, 0 or less for noise."""
    letters = text.translate(_INDEX, _OTHERS)
    if len(letters) < 2:
        return 0.0
    pairs = _PAIRS
    return sum([pairs[first][second] for first, second in pairwise(letters)]) / (len(letters) - 1) - _CHANCE
