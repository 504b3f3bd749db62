"""A third set of wordings, of parts of a whole, of means and medians, and of estimates with intervals."""

COUNTS = (
    "{ka} was allotted to {a}, {kb} to {b}, {kc} to {c} and {kd} to {d} of the {N} {people}, each counted once.",
    "{N} {people} ({a} {ka}, {b} {kb}, {c} {kc}, {d} {kd}) <were available|made up the series>.",
    "Breakdown of the {N} {people}: {a} {ka}; {b} {kb}; {c} {kc}; {d} {kd}.",
    "The series of {N} {people} broke down into {a} ({ka}), {b} ({kb}), {c} ({kc}) and {d} ({kd}).",
    "{ka}, {kb}, {kc} and {kd} accounted for {a}, {b}, {c} and {d} of the {N} {people}, respectively; no one was counted twice.",
    "No one fell into two classes: of {N} {people}, {ka} {a}, {kb} {b}, {kc} {c}, {kd} {d}.",
    "For the {N} {people} the verdicts, one each, were: {ka} {a}, {kb} {b}, {kc} {c}, {kd} {d}.",
    "ASA physical status was I in {a}, II in {b}, III in {c} and IV in {d} of the {N} {people}.",
    "Each of the {N} {people} had one kind of insurance: state ({a}), employer ({b}), private ({c}) or none ({d}).",
    "The {N} {people} came through a family doctor ({a}), a hospital ({b}), a school ({c}) or a relative ({d}), one route each.",
    "The {N} {people} were housed in four wards (north, {a}; east, {b}; south, {c}; west, {d}).",
)
SEXES = (
    "{N} {people}, of whom {a} were {men} and the rest, {b}, {women}, were <reviewed|traced>.",
    "Male/female: {a}/{b} (total {N}).",
    "Sex: male, {a}; female, {b}; all {people}, {N}.",
    "There were {b} female and {a} male {people}, {N} altogether.",
    "{a} {men} and {b} {women} ({N} {people} in total) <attended|were traced>.",
    "The series (N={N}) consisted of {men} (n={a}) and {women} (n={b}).",
    "Among the {N} {people} the sexes were represented by {a} {men} and {b} {women}.",
    "With {b} {women} and {a} {men}, the series reached {N} {people}.",
    "{women} numbered {b} and {men} {a}, making {N} {people}.",
)
PERCENTS = (
    "Class was {ka} in {a} of {people}, {kb} in {b}, {kc} in {c}, and {kd} in {d}; nobody had two.",
    "{ka}, {kb}, {kc} and {kd} were mutually exclusive and made up {a}, {b}, {c} and {d} of the series.",
    "The whole series broke down into {a} {ka}, {b} {kb}, {c} {kc} and {d} {kd}.",
    "Breakdown of all {people}, one class each: {ka} {a}; {kb} {b}; {kc} {c}; {kd} {d}.",
    "{a} of all {people} were rated {ka}, {b} {kb}, {c} {kc}, and the others ({d}) {kd}.",
    "Single-choice answers from all {people} were: {ka}, {a}; {kb}, {b}; {kc}, {c}; {kd}, {d}.",
    "Each person was counted once: {ka} {a}, {kb} {b}, {kc} {c}, {kd} {d}.",
    "Insurance (one kind each) was state in {a}, employer in {b}, private in {c} and none in {d}.",
    "The four wards held {a}, {b}, {c} and {d} of all {people}, respectively, and there was no fifth ward.",
)
RATIO = (
    "{short} {E}, 95% CI {L} to {H}, for {noun}.",
    "{noun}: {short} (95% CI) {E} ({L}{dash}{H}).",
    "The {measure} (95% CI) of {noun} with {A} was {E} ({L} to {H}).",
    "We modelled {noun} against {A} ({measure}, {E} [95% CI, {L}{dash}{H}]).",
    "Regression yielded {a_measure} for {noun} of {E}, the 95% confidence limits being {L} and {H}.",
    "With 95% confidence limits of {L} and {H}, the {measure} for {noun} was {E}.",
    "{E} was the {measure} for {noun} (95% CI {L}{dash}{H}).",
    "{A} and {noun}: crude {short}{eq}{E}, CI95% {L}{dash}{H}, P{p}.",
    "The {short} was {E} (CI {L} to {H}) when {noun} was entered in the model.",
    "{short} [95% CI]: {E} [{L}, {H}] for {noun}.",
    "{noun} was kept in the final model, where its {measure} was {E} (95 per cent CI {L} to {H}).",
)
DIFFERENCE = (
    "{A} <altered|shifted> {quantity} by {E} {unit}, 95% CI {L} to {H}.",
    "{quantity} (mean difference {E} {unit}, 95% CI {L} to {H}) was examined first.",
    "The two groups differed in {quantity} by a mean of {E} {unit} (95% CI {L} to {H}; P{p}).",
    "MD for {quantity} {E} {unit} [95% CI {L}, {H}].",
    "With 95% confidence limits of {L} and {H} {unit}, the difference in {quantity} was {E} {unit}.",
    "The effect of {A} on {quantity} in {unit} was {E} ({L} to {H}; 95% CI).",
    "Change from baseline in {quantity}: mean {E} {unit}, 95% CI {L} to {H}, p{p}.",
    "Estimated treatment difference for {quantity} {E} {unit} (95% CI {L} to {H}), P{p}.",
    "A shift in {quantity} of {E} {unit} was seen, the 95% confidence interval running from {L} to {H}.",
)
SHARE_CI = (
    "{P} of {people} {verb} ({X} of {N}), 95% CI {L} to {H}.",
    "{noun} was ascertained in {X} of {N} {people}, a prevalence of {P} with a 95% CI of {L}{dash}{H}.",
    "Prevalence of {noun} {P} [{L}{dash}{H}, 95% CI], {X}/{N}.",
    "The 95% confidence interval for {noun} ({X} of {N}; {P}) ran from {L} to {H}.",
    "{X}/{N} {people} {verb}; rate {P}, 95% CI {L}, {H}.",
    "{noun}: {P} (95% CI {L} to {H}; {X} of {N} {people}).",
    "With {X} of {N} {people}, the estimate for {noun} was {P} (95% confidence limits {L} and {H}).",
    "{X} {people} ({P} of {N}; 95% CI {L} to {H}) {verb}.",
    "Those who {verb} formed {P} of {N} (n{eq}{X}; 95% CI, {L}{dash}{H}).",
)
MEDIAN_RANGE = (
    "{quantity} (median {M} {unit}, range {L}{dash}{H}) was measured on arrival.",
    "{quantity}, {unit}, median (range): {M} ({L}{dash}{H}).",
    "On arrival {quantity} was a median {M} {unit} (from {L} to {H}).",
    "{M} {unit} was the median {quantity} (range {L}{dash}{H}).",
    "{quantity}\u2014median {M} {unit}, lowest {L}, highest {H}\u2014was taken by a nurse.",
    "{quantity} spanned {L} to {H} {unit}; the median was {M}.",
    "Median {quantity}: {M} {unit} (min {L}, max {H}).",
    "{quantity} varied between {L} and {H} {unit} (median, {M}).",
    "The lowest {quantity} was {L} {unit}, the highest {H} {unit}, and the median {M} {unit}.",
)
MEAN_RANGE = (
    "{quantity} (mean {M} {unit}, range {L}{dash}{H}) was measured on arrival.",
    "{quantity}, {unit}, mean (range): {M} ({L}{dash}{H}).",
    "{M} {unit} was the mean {quantity} (range {L} to {H}).",
    "{quantity} spanned {L} to {H} {unit}; its mean was {M}.",
    "Mean {quantity}: {M} {unit} (min {L}, max {H}).",
    "{quantity} varied between {L} and {H} {unit} (mean, {M}).",
    "The arithmetic mean of {quantity} was {M} {unit}, the extremes {L} and {H}.",
    "Values for {quantity} of {L} to {H} {unit} ({M} on average) were measured.",
)
MEDIAN_IQR = (
    "{quantity} (median {M} {unit}, IQR {L}{dash}{H}) was taken twice.",
    "{quantity}, {unit}, median (IQR): {M} ({L}{dash}{H}).",
    "{M} {unit} [{L}{dash}{H}] was the median [IQR] {quantity}.",
    "The middle half of the {people} had {quantity} between {L} and {H} {unit} (median {M}).",
    "Median {quantity} came to {M} {unit}, with quartiles at {L} and {H}.",
    "{quantity}: {M} {unit} (median; 25th{dash}75th percentile {L}{dash}{H}).",
    "Median {quantity} {M} {unit}, Q1{dash}Q3 {L}{dash}{H}.",
    "{quantity} had lower and upper quartiles of {L} and {H} {unit} around a median of {M}.",
)
IQR_RANGE = (
    "{quantity} (median {M} {unit}; quartiles {Q1} and {Q3}; extremes {L} and {H}) was taken twice.",
    "{quantity}, {unit}: median {M} [IQR {Q1}{dash}{Q3}] (range {L}{dash}{H}).",
    "The median {quantity} was {M} {unit}, with half of the {people} between {Q1} and {Q3} and all between {L} and {H}.",
    "Median {quantity} {M} {unit}, IQR {Q1} to {Q3}, min{dash}max {L} to {H}.",
    "{quantity} lay between {L} and {H} {unit}, its quartiles being {Q1} and {Q3} and its median {M}.",
    "Minimum, maximum and median {quantity} were {L}, {H} and {M} {unit}; the interquartile range was {Q1}{dash}{Q3}.",
    "The IQR of {quantity} was {Q1}{dash}{Q3} {unit} (median {M}, full range {L}{dash}{H}).",
)
MEAN_SD_RANGE = (
    "{quantity} (n{eq}{N}): mean {M} (SD {S}), range {L} to {H} {unit}.",
    "In the {N} {people} {quantity} was {M} {unit} on average, with an SD of {S} and extremes of {L} and {H}.",
    "{N} {people} had their {quantity} measured: mean {M} (SD {S}; range {L}{dash}{H}) {unit}.",
    "{quantity} of the {N} {people} ranged from {L} to {H} {unit} (mean {M}, SD {S}).",
    "Mean {quantity} was {M} {unit} (s.d. {S}; min {L}, max {H}) for the {N} {people}.",
    "The standard deviation of {quantity} was {S} around a mean of {M} {unit} in {N} {people} (range {L}{dash}{H}).",
    "{M} (SD {S}) {unit} was the mean {quantity} of {N} {people}, whose values lay between {L} and {H}.",
    "{quantity} in {unit}, mean (SD) [range]: {M} ({S}) [{L}{dash}{H}], n{eq}{N}.",
)
WHOLE_MEAN = (
    "Per person, {things} had a mean of {M} among the {N} {people}.",
    "{things}: mean {M} (n{eq}{N}).",
    "In this series of {N}, {things} had a mean of {M} per head.",
    "Counting {things} in all {N} {people} gave a mean of {M}.",
    "{things} came to a mean of {M} per person in our {N} {people}.",
    "Over the {N} {people}, the number of {things} had a mean of {M}.",
    "Mean {things} per person: {M}; {people}: {N}.",
    "{things} per person had a mean of {M}, all {N} {people} being counted.",
)
WHOLE_MEDIAN = tuple(one.replace("mean", "median").replace("Mean", "Median") for one in WHOLE_MEAN)
