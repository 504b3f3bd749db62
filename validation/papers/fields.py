"""The clinical vocabulary: fields of medicine with what is treated, given, reached, suffered and counted."""

from __future__ import annotations

from dataclasses import dataclass

Thing = tuple[str, str]  # a noun and what patients did: ("relapse", "relapsed")


@dataclass(frozen=True)
class Field:
    """One field: its disease, people, treatments, outcomes, harms, counted things and measured things."""

    disease: str
    people: str
    drugs: tuple[str, ...]
    controls: tuple[str, ...]
    things: tuple[Thing, ...]
    counted: tuple[str, ...]
    measured: tuple[tuple[str, str, int, int], ...]  # name, unit, mean, standard deviation


def _things(text: str) -> tuple[Thing, ...]:
    """Return the things of lines "noun: what patients did"."""
    return tuple(
        (noun.strip(), verb.strip()) for line in text.strip().splitlines() for noun, verb in [line.split(":")]
    )


COMMON = _things("""
diabetes: had diabetes
hypertension: had hypertension
obesity: were obese
previous surgery: had undergone previous surgery
chronic kidney disease: had chronic kidney disease
nausea: reported nausea
rash: developed a rash
headache: complained of headache
fatigue: reported fatigue
diarrhea: had diarrhea
pneumonia: contracted pneumonia
urinary tract infection: had a urinary tract infection
hypokalemia: showed hypokalemia
transient transaminase elevation: had a transient transaminase elevation
neutropenia: became neutropenic
insomnia: suffered from insomnia
anemia: were anemic
unplanned readmission: were readmitted
transfer to intensive care: were moved to intensive care
full adherence: took every dose
dose reduction: needed a dose reduction
early discontinuation: stopped treatment early
a positive family history: had a positive family history
living alone: lived alone
injection site pain: felt pain at the injection site
""")
FIELDS = (
    Field(
        "hemophagocytic lymphohistiocytosis",
        "patients",
        ("ruxolitinib", "emapalumab", "anakinra", "etoposide", "the DEP regimen"),
        ("HLH-94 therapy", "dexamethasone alone"),
        _things("""
resolution of fever: became afebrile
hemophagocytosis: showed hemophagocytosis in the marrow
splenomegaly: had a palpable spleen
Epstein-Barr viremia: carried Epstein-Barr virus DNA
central nervous system involvement: had central nervous system involvement
reactivation: suffered a reactivation
bridging to transplantation: were bridged to transplantation
ferritin normalization: reached a normal ferritin"""),
        ("platelet transfusions", "febrile days", "marrow aspirates"),
        (("platelet count", "10^9/L", 48, 21), ("fibrinogen", "g/L", 2, 1)),
    ),
    Field(
        "heart failure with reduced ejection fraction",
        "patients",
        ("dapagliflozin", "sacubitril-valsartan", "vericiguat"),
        ("enalapril", "placebo", "usual care"),
        _things("""
hospitalization for heart failure: were hospitalized for heart failure
atrial fibrillation: were in atrial fibrillation
worsening renal function: had worsening renal function
symptomatic hypotension: developed symptomatic hypotension
an implanted defibrillator: carried an implanted defibrillator
improvement by one NYHA class: improved by one NYHA class
ischemic etiology: had an ischemic etiology
hyperkalemia: developed hyperkalemia"""),
        ("clinic visits", "admissions", "diuretic changes"),
        (("six-minute walk distance", "m", 312, 74), ("systolic pressure", "mmHg", 121, 14)),
    ),
    Field(
        "acute ischemic stroke",
        "patients",
        ("tenecteplase", "thrombectomy", "argatroban"),
        ("alteplase", "medical care alone"),
        _things("""
functional independence: were functionally independent
successful reperfusion: had successful reperfusion
symptomatic intracranial hemorrhage: bled into the brain with symptoms
early neurological improvement: improved early
recurrent stroke: had another stroke
dysphagia: failed the swallowing test
a cardioembolic source: had a cardioembolic source"""),
        ("thrombectomy passes", "physiotherapy sessions", "days in hospital"),
        (("onset-to-door time", "min", 142, 51), ("blood glucose", "mmol/L", 7, 2)),
    ),
    Field(
        "uncomplicated falciparum malaria",
        "children",
        ("artemether-lumefantrine", "dihydroartemisinin-piperaquine", "pyronaridine-artesunate"),
        ("artesunate-amodiaquine", "chloroquine"),
        _things("""
parasite clearance: cleared their parasites
recurrent parasitemia: had recurrent parasitemia
gametocyte carriage: carried gametocytes
vomiting after the first dose: vomited the first dose
late clinical failure: failed late
use of a bed net: slept under a bed net
an enlarged spleen: had an enlarged spleen"""),
        ("fever episodes", "household members", "clinic visits"),
        (("axillary temperature", "\u00b0C", 38, 1), ("parasite clearance time", "h", 34, 11)),
    ),
    Field(
        "drug-resistant tuberculosis",
        "participants",
        ("bedaquiline-based therapy", "linezolid", "delamanid"),
        ("the standard regimen", "background therapy"),
        _things("""
sputum culture conversion: converted their sputum culture
cavitary disease: had cavities
peripheral neuropathy: developed peripheral neuropathy
HIV infection: were living with HIV
unfavorable outcome: had an unfavorable outcome
QTc prolongation: had a prolonged QTc"""),
        ("treatment interruptions", "sputum samples", "household contacts"),
        (("body weight", "kg", 54, 9), ("time to conversion", "days", 61, 19)),
    ),
    Field(
        "elective inguinal hernia repair",
        "patients",
        ("lightweight mesh", "self-gripping mesh", "local wound infiltration"),
        ("heavyweight mesh", "sutured mesh", "standard analgesia"),
        _things("""
surgical site infection: developed a surgical site infection
seroma: formed a seroma
chronic groin pain: had chronic groin pain
hernia recurrence: had a recurrent hernia
same-day discharge: went home on the same day
urinary retention: went into urinary retention
conversion to open repair: were converted to open repair"""),
        ("analgesic tablets", "wound checks", "days off work"),
        (("operating time", "min", 58, 16), ("pain score", "points", 4, 2)),
    ),
    Field(
        "major depressive disorder",
        "participants",
        ("escitalopram", "esketamine spray", "behavioral activation"),
        ("placebo", "a waiting list", "supportive counseling"),
        _things("""
remission of depression: remitted
suicidal ideation: expressed suicidal ideation
a comorbid anxiety disorder: had a comorbid anxiety disorder
sexual dysfunction: reported sexual dysfunction
relapse: relapsed
previous antidepressant use: had taken antidepressants before"""),
        ("therapy sessions", "previous episodes", "missed visits"),
        (("depression score", "points", 24, 5), ("sleep duration", "h", 6, 1)),
    ),
    Field(
        "moderate acute malnutrition",
        "children",
        ("lipid-based supplement", "fortified blended flour", "zinc"),
        ("corn-soy blend", "standard rations"),
        _things("""
nutritional recovery: recovered
stunting: were stunted
default from the program: defaulted from the program
exclusive breastfeeding: were exclusively breastfed
low birth weight: had a low birth weight
a positive malaria test: tested positive for malaria
complete vaccination: were fully vaccinated"""),
        ("siblings", "daily meals", "illness episodes"),
        (("mid-upper arm circumference", "mm", 119, 4), ("weight gain", "g", 310, 140)),
    ),
    Field(
        "chronic low back pain",
        "adults",
        ("motor control exercise", "spinal manipulation", "cognitive functional therapy"),
        ("general exercise", "minimal care", "advice alone"),
        _things("""
clinically relevant improvement: improved to a relevant degree
opioid use: took opioids
sick leave: were on sick leave
radiating leg pain: had radiating leg pain
return to full duty: returned to full duty
fear of movement: feared movement
home exercise: exercised at home"""),
        ("supervised sessions", "pain-free days", "painkiller tablets"),
        (("disability score", "points", 34, 12), ("trunk flexion", "degrees", 61, 15)),
    ),
    Field(
        "chronic periodontitis",
        "adults",
        ("adjunctive amoxicillin-metronidazole", "photodynamic therapy", "enamel matrix derivative"),
        ("scaling and root planing", "placebo gel"),
        _things("""
pocket closure: had all pockets closed
bleeding on probing: bled on probing
tooth loss: lost a tooth
dentin hypersensitivity: reported dentin hypersensitivity
taste disturbance: noticed a taste disturbance
daily interdental cleaning: cleaned between the teeth daily
need for further surgery: needed further surgery"""),
        ("missing teeth", "deep sites", "recall visits"),
        (("probing depth", "mm", 4, 1), ("plaque score", "points", 31, 11)),
    ),
    Field(
        "preterm birth",
        "women",
        ("vaginal progesterone", "a cervical pessary", "atosiban"),
        ("placebo", "nifedipine", "expectant care"),
        _things("""
delivery before 34 weeks: delivered before 34 weeks
cesarean delivery: had a cesarean delivery
preterm rupture of membranes: had ruptured membranes
chorioamnionitis: developed chorioamnionitis
nulliparity: were nulliparous
gestational diabetes: had gestational diabetes
neonatal intensive care: had a baby in neonatal intensive care"""),
        ("antenatal visits", "previous pregnancies", "contractions"),
        (("cervical length", "mm", 21, 6), ("birth weight", "g", 2480, 520)),
    ),
    Field(
        "relapsed acute lymphoblastic leukemia",
        "children",
        ("blinatumomab", "inotuzumab ozogamicin", "a bortezomib block"),
        ("consolidation chemotherapy", "salvage chemotherapy"),
        _things("""
minimal residual disease negativity: became negative for residual disease
cytokine release syndrome: had cytokine release syndrome
febrile neutropenia: had febrile neutropenia
veno-occlusive disease: developed veno-occlusive disease
transplantation: went on to transplantation
an isolated marrow relapse: had an isolated marrow relapse
bacteremia: had bacteremia"""),
        ("red cell transfusions", "infusion interruptions", "febrile episodes"),
        (("marrow blasts at entry", "percentage points", 44, 18), ("time to recovery", "days", 27, 8)),
    ),
    Field(
        "advanced non-small-cell lung cancer",
        "patients",
        ("pembrolizumab", "osimertinib", "weekly paclitaxel"),
        ("docetaxel", "platinum doublet chemotherapy"),
        _things("""
brain metastases: had brain metastases
immune-related pneumonitis: developed pneumonitis
hypothyroidism: became hypothyroid
disease control: achieved disease control
second-line therapy: received second-line therapy
a durable benefit: drew a durable benefit"""),
        ("treatment cycles", "dose delays", "target lesions"),
        (("tumor diameter", "mm", 47, 19), ("quality-of-life score", "points", 63, 17)),
    ),
    Field(
        "septic shock",
        "patients",
        ("vasopressin", "hydrocortisone", "balanced crystalloid"),
        ("norepinephrine", "placebo", "saline"),
        _things("""
reversal of shock: came out of shock
renal replacement therapy: required renal replacement therapy
digital ischemia: suffered digital ischemia
mechanical ventilation: were mechanically ventilated
bloodstream infection: had a bloodstream infection
new arrhythmia: had a new arrhythmia
delirium: became delirious"""),
        ("ventilator days", "fluid boluses", "line changes"),
        (("arterial lactate", "mmol/L", 4, 2), ("mean arterial pressure", "mmHg", 64, 8)),
    ),
    Field(
        "type 2 diabetes",
        "participants",
        ("semaglutide", "a low-carbohydrate diet", "empagliflozin"),
        ("sitagliptin", "standard diet advice", "placebo"),
        _things("""
confirmed hypoglycemia: had confirmed hypoglycemia
target glycemia: reached target glycemia
retinopathy: had retinopathy
genital infection: had a genital infection
insulin use: used insulin
albuminuria: had albuminuria
weight loss of five kilograms: lost five kilograms"""),
        ("glucose checks", "dietitian visits", "sick days"),
        (("fasting glucose", "mmol/L", 9, 2), ("body mass index", "kg/m2", 31, 4)),
    ),
    Field(
        "rheumatoid arthritis",
        "patients",
        ("tofacitinib", "abatacept", "tapered prednisolone"),
        ("methotrexate", "placebo", "adalimumab"),
        _things("""
low disease activity: reached low disease activity
an ACR20 response: met ACR20
anti-citrullinated antibodies: carried anti-citrullinated antibodies
herpes zoster: had herpes zoster
erosive disease: had erosions
a flare: flared
serious infection: had a serious infection"""),
        ("swollen joints", "tender joints", "steroid injections"),
        (("sedimentation rate", "mm/h", 38, 15), ("morning stiffness", "min", 54, 24)),
    ),
    Field(
        "cataract surgery",
        "patients",
        ("an intracameral antibiotic", "a trifocal lens", "ketorolac drops"),
        ("a monofocal lens", "topical antibiotic", "dexamethasone drops"),
        _things("""
spectacle independence: no longer needed spectacles
posterior capsule rupture: had a posterior capsule rupture
cystoid macular swelling: developed cystoid macular swelling
halos at night: saw halos at night
dry eye symptoms: had dry eye symptoms
second-eye surgery: had their second eye operated on"""),
        ("follow-up visits", "eye drops per day", "complaints"),
        (("axial length", "mm", 24, 1), ("phaco time", "s", 41, 13)),
    ),
    Field(
        "hospital-acquired pneumonia",
        "patients",
        ("ceftazidime-avibactam", "inhaled amikacin", "a seven-day course"),
        ("meropenem", "a fourteen-day course", "inhaled placebo"),
        _things("""
clinical cure: were cured clinically
microbiological eradication: had the pathogen eradicated
acute kidney injury: had acute kidney injury
superinfection: had a superinfection
Clostridioides difficile infection: had Clostridioides difficile infection
bronchospasm: had bronchospasm
a carbapenem-resistant isolate: grew a carbapenem-resistant isolate"""),
        ("antibiotic days", "chest radiographs", "bronchoscopies"),
        (("procalcitonin", "ng/mL", 5, 2), ("oxygenation index", "points", 212, 56)),
    ),
)
