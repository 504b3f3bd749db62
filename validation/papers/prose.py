"""Sentences without a claim of their own: background, methods, discussion, with citations where papers cite."""

from __future__ import annotations

from .lists import entries
from .study import Study
from .wording import Pen, Said

CITE = ("\ue000", "\ue001")
PLACES = entries(
    "northern Europe|the eastern provinces|two coastal districts|our own region|several teaching hospitals|"
    "low-income settings|a national registry|private clinics|the southern islands|university centers|"
    "rural health posts|a large insurer's files",
    "|",
)
FACTORS = entries(
    "early diagnosis|delayed referral|a high inflammatory load|frailty|adherence to visits|poor nutrition|"
    "the skill of the operator|socioeconomic status|previous treatment|comorbid infection|staff turnover|"
    "seasonal variation|genetic background|waiting time|family support|body composition",
    "|",
)
RESULTS = entries(
    "survival|length of stay|quality of life|treatment cost|the need for rescue therapy|return to work|"
    "late complications|patient satisfaction|symptom burden|time to recovery|caregiver strain|daily function",
    "|",
)
CAVEATS = entries(
    "the designs differed|follow-up was short|few centers took part|controls were historical|"
    "outcomes were defined in many ways|assessors knew the treatment|records were incomplete|"
    "selection cannot be excluded|the samples were small|practice has changed since then",
    "|",
)
WAYS = entries(
    "by telephone|on paper forms|through an electronic record|at scheduled visits|by trained nurses|"
    "in a separate room|under supervision|according to local practice|with sealed envelopes|by two observers",
    "|",
)
WORK = entries(
    "consent|randomization|sampling|grading of events|data entry|imaging|dose preparation|outcome assessment|"
    "training of staff|monitoring|storage of samples|reporting of harms",
    "|",
)
BACKGROUND = (
    "{Disease} remains <hard to treat|a burden for families|a cause of avoidable suffering> in {place}{cite}.",
    "Earlier reports from {place} <suggest|imply|indicate> that {factor} <worsens|affects|predicts> {result}{cite}.",
    "How {factor} relates to {result} in {disease} is <still debated|not settled|poorly known>{cite}.",
    "<Guidelines|Textbooks|Expert groups> advise attention to {factor}, although {caveat}{cite}.",
    "The mechanism by which {drug} acts in {disease} <is partly known|has been described in detail>{cite}.",
    "In {place}, {factor} and {factor2} were <linked|tied> to {result}{cite}, but {caveat}.",
    "Interest in {drug} grew after observations from {place}{cite}.",
    "<Reviews|Commentaries> have stressed that {caveat} and that {factor} was seldom measured{cite}.",
    "Whether {drug} improves {result} in {disease} has <rarely|hardly> been studied{cite}.",
    "<Clinicians|Carers|Managers> in {place} often name {factor} as a reason for {result}{cite}.",
    "Older work on {disease} dealt with {result} <rather than|more than> with {result2}{cite}.",
    "A <plausible|possible> explanation is that {factor} modifies {result}{cite}.",
    "We therefore asked whether {drug} would change {result} in {people} with {disease}.",
    "The present study set out to describe {result} after {drug} in {disease}.",
    "Standards of care for {disease} differ between {place} and {place2}{cite}.",
    "Cost has kept {drug} out of reach in {place}{cite}.",
    "<Animal|Laboratory> work had prepared the ground for {drug} in {disease}{cite}.",
    "Reports on {factor2} in {place2} came to other conclusions because {caveat}{cite}.",
)
METHODS = (
    "{Work} was organized {way}, and {work2} {way2}.",
    "All staff in charge of {work} were trained {way}.",
    "The protocol foresaw {work} {way}; changes were reported to the ethics board.",
    "{Work} followed written rules, with {work2} checked {way}.",
    "Written consent was obtained {way} before {work} began.",
    "{people} were seen {way}, and {result} was noted at each contact.",
    "A steering group oversaw {work} and {work2}.",
    "Data on {result} were collected {way}.",
    "{Factor} and {factor2} were <recorded|asked for> {way}.",
    "Neither {work} nor {work2} was outsourced.",
    "The sponsor had no part in {work}.",
    "For {result} we used a validated instrument, completed {way}.",
    "{Drug} was supplied free of charge, and {work} was done {way}.",
    "Missing items on {result} were not imputed.",
    "Analysts were blinded to allocation until {work} was complete.",
    "An independent board reviewed {work} {way}.",
    "Regression models of {result} held {factor} and {factor2} as covariates.",
    "{Result} was analyzed by intention to treat, {result2} among those treated.",
    "Sites in {place} and {place2} shared one procedure for {work}.",
)
DISCUSSION = (
    "Our findings on {result} agree with reports from {place}{cite}, although {caveat}.",
    "In contrast to work from {place}{cite}, {factor} did not seem to matter for {result}.",
    "The effect of {drug} on {result} may be <smaller|larger> in daily practice than in a trial{cite}.",
    "A limitation is that {caveat}; another is that {caveat2}.",
    "Among the strengths are the care given to {work} and the attention to {result}.",
    "We cannot say whether {factor} or {factor2} explains the difference in {result}.",
    "Future trials of {drug} should measure {result} and, if possible, {result2}.",
    "It is <reassuring|noteworthy> that {result} did not suffer under {drug}.",
    "<Clinicians|Readers> should bear in mind that {caveat}.",
    "Similar patterns of {result} were described in {place}{cite} and {place2}{cite2}.",
    "That {factor} plays a part in {disease} has been proposed before{cite}.",
    "If confirmed, {drug} could become an option where {factor} limits {result}.",
    "The cost of {drug} must be weighed against {result} and {result2}{cite}.",
    "Our {people} came from {place}, so the results may not hold in {place2}.",
    "Some authors attribute poor {result} to {factor}{cite}; we could not test this.",
    "Since {caveat}, firm statements about {result2} would be premature.",
    "In {disease}, {factor2} deserves <more|closer> study{cite}.",
    "{Drug} was easy to give, and {work} caused few problems.",
    "Practice in {place} will depend on {factor} as much as on {result}.",
    "No single study can settle how {factor} bears on {result} in {disease}{cite}.",
)
CONCLUSION = (
    "{Drug} appears to be <useful|an option> in {disease}.",
    "In {disease}, {drug} <was feasible|deserves a larger trial|was well accepted>.",
    "These results support further study of {drug} in {people} with {disease}.",
    "{Drug} may improve {result} in {disease}, but {caveat}.",
    "Larger trials of {drug} with attention to {result} are <needed|warranted>.",
    "Whether {drug} alters {result} remains open.",
)
TITLES = (
    "{Drug} for {disease}: a <prospective|retrospective|multicenter> study",
    "<Efficacy|Effects> and safety of {drug} in {people} with {disease}",
    "{Drug} and {result} in {disease}",
    "A <trial|cohort study> of {drug} in {disease} from {place}",
    "{Result} after {drug} in {people} with {disease}",
    "Does {drug} change {result} in {disease}?",
)
MISSING_CITES = (
    "This was first described elsewhere{cite}.",
    "A similar observation was made in {place}{cite}.",
    "{Factor} has been proposed as a cause{cite}, but {caveat}.",
    "The instrument has been validated before{cite}.",
    "Others have reported worse {result}{cite}.",
    "A recent review{cite} did not mention {factor}.",
    "Guidance on {work} exists{cite}.",
    "As outlined by another group{cite}, {factor} matters for {result}.",
    "The method was taken from earlier work{cite} with small changes.",
    "Data from {place}{cite} and {place2} point the same way.",
    "{Result} was defined as in a previous trial{cite}.",
    "Long-term figures on {result} were published later{cite}.",
)
DRUG_NAMES = (
    ("emapalumab", "NI-0501"),
    ("ruxolitinib", "INCB018424"),
    ("tofacitinib", "CP-690,550"),
    ("baricitinib", "LY3009104"),
    ("canakinumab", "ACZ885"),
    ("siltuximab", "CNTO 328"),
)
ONE_DRUG = (
    "{b}, now known as {a}, was considered for rescue.",
    "{a} ({b}) was available through an access program.",
    "{a} (formerly {b}) was not used.",
    "Rescue with {a}, also called {b}, was allowed.",
    "{a} (code name {b}) had been given to none.",
    "The antibody or inhibitor {a} ({b}) is under study in {disease}.",
    "Under its code {b}, {a} had been tested before.",
    "Access to {a}, earlier {b}, was limited.",
    "{a}, developed as {b}, is licensed elsewhere.",
    "We did not offer {a} (development name: {b}).",
    "{a} (previously {b}) is costly.",
    "{a}, whose code was {b}, is an alternative.",
)
TWO_DRUGS = (
    "Two different drugs, {b} and {a}, are being tested in {disease}.",
    "{b} is in early trials, whereas {a} is a separate, newer drug.",
    "Neither {a} nor the other agent, {b}, was available to us.",
    "Besides {a}, a second agent called {b} is under development.",
    "{b} is currently being tested; another new drug, {a}, has also been proposed.",
    "Three new options are steroids, {a} and {b}, the last two being distinct agents.",
    "Patients could switch from {b} to {a}, a different drug.",
    "{a} has been compared with {b}, an unrelated molecule.",
    "In addition to {b}, the new drug {a} may be an option.",
    "A head-to-head trial of the two agents {a} and {b} is lacking.",
    "Unlike {b}, the drug {a} is a different compound.",
    "Newer agents include {b} as well as {a}, two separate drugs.",
)
SECTIONS = {
    "background": BACKGROUND,
    "methods": METHODS,
    "discussion": DISCUSSION,
    "conclusion": CONCLUSION,
    "title": TITLES,
}


def slots_of(pen: Pen, study: Study, references: int) -> dict[str, str]:
    """Return the slots of a filler sentence; without references nothing is cited."""
    chance = pen.chance
    two = {
        "place": chance.sample(PLACES, 2),
        "factor": chance.sample(FACTORS, 2),
        "result": chance.sample(RESULTS, 2),
        "caveat": chance.sample(CAVEATS, 2),
        "way": chance.sample(WAYS, 2),
        "work": chance.sample(WORK, 2),
    }
    slots = {f"{name}{tail}": pair[at] for name, pair in two.items() for at, tail in ((0, ""), (1, "2"))}
    slots |= {"disease": study.subject.disease, "drug": study.drug, "people": study.people}
    slots |= {name.capitalize(): slots[name][:1].upper() + slots[name][1:] for name in list(slots)}
    cited = [str(chance.randint(1, references)) for _ in range(2)] if references else []
    marks = {"cite": cited[:1], "cite2": cited[1:]}
    if references and chance.random() < 0.25:
        first = chance.randint(1, max(1, references - 4))
        marks["cite"] = [
            f"{first}\u2013{min(references, first + 3)}" if chance.random() < 0.5 else f"{first},{first + 1}"
        ]
    return slots | {name: f"{CITE[0]}{one[0]}{CITE[1]}" if one else "" for name, one in marks.items()}


def filler(pen: Pen, study: Study, section: str, references: int = 0) -> Said:
    """Return a sentence of background, methods, discussion, conclusion, or a title."""
    return pen.say(SECTIONS[section], slots_of(pen, study, references), section)


def missing_citation(pen: Pen, study: Study, references: int, kind: str) -> Said:
    """Return a sentence that cites a number beyond the list of references."""
    slots = slots_of(pen, study, references)
    slots["cite"] = f"{CITE[0]}{references + pen.chance.randint(2, 9)}{CITE[1]}"
    said = pen.say(MISSING_CITES, slots, pen.chance.choice(("background", "methods", "discussion")))
    return said.planted(kind, f"at most {references}", "cite")


def drug_names(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a sentence with both names of one drug; with a kind, it takes them for two drugs."""
    if "drug names" in study.used:
        return None
    study.used.add("drug names")
    a, b = pen.chance.choice(DRUG_NAMES)
    said = pen.say(
        TWO_DRUGS if kind else ONE_DRUG, {"a": a, "b": b, "disease": study.subject.disease}, "discussion"
    )
    return said.planted(kind, "one drug", "a", "b") if kind else said
