"""A third set of wordings, of dates, follow-up, survival, durations, doses, citations and drug names."""

CUTOFF = (
    "Data cutoff fell in {C}; {people} had joined between {F} and {T}.",
    "The analysis set holds {N} {people} enrolled {F} to {T} (cutoff for data: {C}).",
    "The first {people} joined in {F}, the last in {T}; the database was locked in {C}.",
    "Enrolled {F}{dash}{T}; data cutoff {C}.",
    "Entry to the study was open from {F} until {T}, with the data being cut off in {C}.",
    "Of the {N} {people}, the first was enrolled in {F} and the last in {T}, and the data were frozen in {C}.",
    "{N} {people} joined ({F} through {T}). The data cut-off for this report was {C}.",
    "Between the first enrollment in {F} and the last in {T}, {N} {people} joined; the data cut-off was set at {C}.",
)
ENROLLED = (
    "{people} seen from {F} through {T} were eligible.",
    "Study period: {F} to {T}.",
    "The study covered the time from {F} to {T} and {N} {people}.",
    "{N} {people} joined, the first in {F} and the last in {T}.",
    "Entry was open from {F} until {T}.",
    "In the period {F} to {T}, {N} {people} joined.",
)
ALLOCATED = (
    "{N} {people} with {disease} were allocated at random: {A}, {Na}; {B}, {Nb}.",
    "{A} was allocated to {Na} {people} and {B} to {Nb}, {N} in total.",
    "{N} {people} were <split|divided> by lot into two arms, {A} (N{eq}{Na}) and {B} (N{eq}{Nb}).",
    "Randomized: {N} {people}, {Na} in the {A} arm and {Nb} in the {B} arm.",
    "The {A} arm numbered {Na} and the {B} arm {Nb} {people}.",
    "{people} were allocated to {A} or {B} ({Na} and {Nb}, respectively).",
    "Two arms were formed: {Na} {people} on {A}, {Nb} {people} on {B}.",
    "Of {N} {people} with {disease}, {Na} took {A} and {Nb} took {B}.",
)
TREATED = (
    "The series comprises {N} {people} treated with {A} for {disease}.",
    "{N} {people} on {A} for {disease} were <reviewed|traced>.",
    "Our series: {N} {people} with {disease}.",
    "{disease} had been diagnosed in all {N} {people}, and all took {A}.",
    "In this single-arm study {N} {people} took {A}.",
    "Single-arm study, N{eq}{N}, all with {disease}.",
    "We report on {N} {people} with {disease}, all of whom were offered {A}.",
)
FOLLOWED = (
    "The first of {N} {people} joined in {F} and the last in {T}; follow-up closed in {C}, after a median of {M} months (range {L}{dash}{H}).",
    "Entry {F} to {T}, end of follow-up {C}, median follow-up {M} months (range {L} to {H}).",
    "{people} who joined between {F} and {T} were observed for a median of {M} months (range {L} to {H}), the end of observation being {C}.",
    "Follow-up, which ended in {C}, had a median of {M} months (range {L} to {H}) for {people} who had joined from {F} to {T}.",
    "Median follow-up at the data cutoff in {C} was {M} months (min {L}, max {H}); {people} had been enrolled between {F} and {T}.",
    "With a data cutoff of {C} and enrollment between {F} and {T}, follow-up spanned {L} to {H} months (median, {M}).",
    "Enrollment {F} through {T}. Data cutoff {C}. Follow-up: median {M} months, range {L}{dash}{H}.",
    "We enrolled {N} {people} from {F} to {T} and stopped observing them in {C}; follow-up lasted {M} months in the median (range {L} to {H} months).",
)
HISTORY = (
    "Received in original form {F}; accepted in final form {T}; published {C}.",
    "(Received {F}; accepted {T}; published online {C}.)",
    "Date received: {F}; date accepted: {T}; date published: {C}.",
    "Published {C}. Accepted {T}. Received {F}.",
    "Submission: {F}. Acceptance: {T}. Publication: {C}.",
    "Received for publication {F}; accepted {T}; available online {C}.",
    "Manuscript submitted {F}, accepted {T}; electronic publication {C}.",
    "Received: {F} | Accepted: {T} | Published: {C}",
    "First received {F}; accepted after revision {T}; published {C}.",
)
APPROVAL = (
    "Licensed in {F}, {A} lost its license in {T}.",
    "{A} came to market in {F} and was taken off it in {T}.",
    "{A} (first licensed {F}; license revoked {T}) was not allowed.",
    "In {F} the regulator approved {A}, only to revoke the approval in {T}.",
    "After its approval in {F}, {A} stayed on the market until its withdrawal in {T}.",
    "{T} saw the withdrawal of {A}, which had been approved in {F}.",
    "{A} was withdrawn in {T}, having been approved in {F}.",
    "The license for {A} was granted in {F} and revoked in {T}.",
)
SURVIVAL = (
    "{P} of {N} {people} ({X}) were alive at {t} months.",
    "Alive at {t} months: {X}/{N} ({P}).",
    "{t} months after entry {X} of the {N} {people} were living ({P}).",
    "{X} {people}, {P} of the {N}, lived for {t} months or longer.",
    "Survival to {t} months was seen in {X} out of {N} {people}, that is {P}.",
    "The {t}-month survival rate ({X} of {N} {people}) was {P}.",
    "Of the {N} {people}, {P} ({X}) were still living {t} months later.",
    "{P} survived to {t} months ({X} of {N}).",
    "Proportion alive at month {t}, {P} ({X}/{N}).",
)
DEATHS = (
    "Dead, {d}; alive, {a}; all {people}, {N}{l}.",
    "Outcome of the {N} {people}: died {d}, alive {a}{l}.",
    "Death occurred in {d} of the {N} {people}; {a} were living at last contact{l}.",
    "At the close of the study {a} of {N} {people} lived, {d} had died{l}.",
    "{a} {people} were living and {d} had died by the end, out of {N}{l}.",
    "{N} {people}: {a} alive, {d} dead{l}.",
    "Deaths numbered {d} and survivors {a} in the {N} {people}{l}.",
    "Of the {N} {people} who entered, {a} left the study alive, whereas {d} died{l}.",
)
DURATION = (
    "{D} days ({W} {unit}) of treatment were <planned|given>.",
    "Treatment: {W} {unit} (ie, {D} days).",
    "The study drug was taken for {W} {unit}, equal to {D} days.",
    "Tablets were dispensed for {D} days at a time, that is for {W} {unit}.",
    "The diary was kept for {W} {unit} (day 1 to day {D}).",
    "Phone calls covered {D} days, ie {W} {unit}.",
    "Courses of {D} days (equivalent to {W} {unit}) were prescribed.",
    "Wound checks went on for {W} {unit} ({D} d).",
    "Isolation lasted {W} {unit}, i.e., {D} days.",
)
DOSE = (
    "{A}, {d} mg/kg, amounted to {D} mg at a body weight of {w} kg.",
    "One {w}-kg adult was given {D} mg, ie {d} mg per kg.",
    "{d} mg per kg of body weight, ie {D} mg at {w} kg, was the dose throughout.",
    "A person weighing {w} kg would take {D} mg ({d} mg per kg).",
    "Dose: {d} mg/kg (for {w} kg: {D} mg).",
    "The {D} mg given to a person of {w} kg corresponded to {d} mg/kg.",
    "At a body weight of {w} kg, {D} mg (= {d} mg/kg) was infused.",
    "The dose by weight was {d} mg/kg, so that someone of {w} kg took {D} mg.",
)
FOLLOW_UP = (
    "{M} days was the median follow-up (range {L}{dash}{H}; Table {t}).",
    "The {people} listed in Table {t} were followed for {M} days in the median.",
    "Median follow-up time was {M} days in these {N} {people} (Table {t}).",
    "Follow-up spanned {L} to {H} days (median, {M}; Table {t}).",
    "Median follow-up (Table {t}): {M} days.",
    "Follow-up, median (range): {M} ({L}{dash}{H}) days.",
    "The median of follow-up, {M} days, was taken over all {N} {people} of Table {t}.",
)
MISSING_CITES = (
    "For details of the method, see earlier work{cite}.",
    "Our figures resemble those of another center{cite}.",
    "The score has been described in full{cite} and is not repeated here.",
    "In contrast to one report{cite}, {factor} was not examined.",
    "Consensus criteria{cite} were used.",
    "One case from {place} has been published{cite}.",
    "Related work{cite} came to other views on {result}.",
)
ONE_DRUG = (
    "{a} (research code {b}) was on the list of reserve drugs.",
    "What was {b} in early trials is now {a}.",
    "{b} (later named {a}) was kept in reserve.",
    "Supplies of {a}, first called {b}, were short.",
    "In older papers {a} goes by the code {b}.",
    "{a} [{b}] was not on our formulary.",
    "The names {a} and {b} stand for one drug, which was not used.",
)
TWO_DRUGS = (
    "{a} and {b} are two different agents, neither of which was used.",
    "Two distinct drugs, {a} and {b}, share the target.",
    "We had no access to {b} or to a second drug, {a}.",
    "{a} is not to be confused with {b}, another drug.",
    "Of two agents under study in {disease}, {b} is older and {a} newer.",
    "Switching from {a} to {b}, which is another drug, was not allowed.",
    "As distinct drugs, {a} and {b} would each need a trial.",
)
