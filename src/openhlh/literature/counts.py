"""Counts, totals and percents: "6/17 (35.3 %)", "35 % (12 of the 34 patients)", "Twelve (35 %) of 34".

Tokens of a sentence are first gathered into pieces (a fraction, a percent, a count, a word of a kind),
then pieces are paired by rules over the order of their kinds. Where a sentence tells groups side by
side, lists are paired in their order or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Printed, Proportion, Quantity
from openhlh.literature.document import Document
from openhlh.literature.pieces import Piece, pieces
from openhlh.literature.subjects import PEOPLE, about
from openhlh.literature.tokens import Sentence, Token

# Kinds of pieces, one letter each (see pieces.py): F fraction, P percent, N count, E "n = 12", X other
# number, I interval or p value, ( and ) brackets, w word, t counted noun, a article, o of/among, i in/from,
# v and/vs, and the marks , ; : = as they are.
_WORDS = "[wtaohiq]"
_NEXT = "W{0,4}[v,;]{1,2}W{0,6}:?"
_RULES: tuple[tuple[str, re.Pattern[str], bool], ...] = tuple(
    (name, re.compile(rule.replace("W", _WORDS)), tight)
    for name, rule, tight in (
        # 12/34 vs 10/30 (35% vs 33%), 12/34 in A and 10/30 in B (35% and 33%, respectively)
        ("lists", r"F(?:W{0,6}[v,]+W{0,6}F)+W{0,6},?\((P)(?:W{0,4}[v,;]+W{0,4}P)+[^()FP]*\)", True),
        # 35% vs 33% (12/34 vs 10/30)
        ("lists", r"P(?:W{0,6}[v,]+W{0,6}P)+W{0,6},?\((F)(?:W{0,4}[v,;]+W{0,4}F)+[^()FP]*\)", True),
        # (12/34, 35% vs 10/30, 33%), (35%, 12/34; 33%, 10/30)
        ("turns", rf"(?<![PFv,;])F[,;=]P(?:{_NEXT}F[,;=]P)+(?![,;v][FP])", True),
        ("turns", rf"(?<![PFv,;])P[,;=]F(?:{_NEXT}P[,;=]F)+(?![,;v][FP])", True),
        # (12/34, 35%; 95% CI ...), [35%; 12 of 34 patients]
        ("inside", r"\((?:[wta=:]{0,4})(F)[wta,;=:v]{0,5}(P)(?:[,;:I)(]|I)", True),
        ("inside", r"\((?:[wta=:]{0,4})(P)[wta,;=:I(]{0,6}(F)[^()FP]{0,6}\)", True),
        ("inside", r"\((?:[wta=:]{0,4})(P)[,=:](F);", True),
        ("inside", r"\((?:[wta=:]{0,4})(E)[,;=:]{1,2}(P)(?:[,;:I)(]|I)", False),
        ("inside", r"\((?:[wta=:]{0,4})(P)[,;=:]{1,2}(E)[^()FP]{0,6}\)", False),
        # 12/34 patients (35%)
        ("outside", r"(F)W{0,8}\((?:[=~v]{0,2}|W{1,6}[;,:]w?)(P)(?=[,;:I)(])", True),
        ("outside", r"(F)W{0,8}\([wv]{1,2}(P)(?=[,;:I)(])", False),
        ("outside", r"(F)W{0,4},W{0,3}\([=~wv]{0,2}(P)(?=[,;:I)(])", False),
        # 12/34 (35% of patients), 12/34 of the old and young patients (35%)
        ("outside", r"(F)W{0,8}\((P)W{1,5}[,;:I)]", False),
        ("outside", r"(F)w{1,4}vw{1,3}t\((P)(?=[,;:I)(])", False),
        # 35% of patients (12/34)
        ("outside", r"(P)W{0,8}\({1,2}[wtai=:]{0,3}(F)[^()FP]{0,8}\)", True),
        # 35% (95% CI 20-53) (12/34), 35% (95% CI 20-53, 12/34), 35% (the drug, 12/34), (35%) (12/34)
        ("outside", r"(P)\(I\)W{0,2}\((F)[^()FP]{0,8}\)", True),
        ("outside", r"(P)\(I[,;](F)[^()FP]{0,8}\)", True),
        ("outside", r"(P)\([wta]{1,4}[,:;](F)[^()FP]{0,8}\)", False),
        ("outside", r"\((P)\)(?:W{1,4})?\((F)[^()FP]{0,8}\)", True),
        ("outside", r"(P)W{0,4},W{0,3}\([wta=:]{0,3}(F)[^()FP]{0,8}\)", False),
        # 12 (35%) in the first group (n = 34)
        ("around", r"(N)W{0,4}\([=~]?(P)[^()FPN]*\)t?ia?[wt]{1,6}\((E)\)", True),
        # 12 (35%) and 20 (42%) of the 34 and 48 patients
        ("respectively", r"(N)W{0,3}\((P)\)W{0,4}[v,]W{0,4}(N)W{0,3}\((P)\)W{0,4}oa{0,2}(N)W{0,3}v(N)", True),
        # 12 patients (35%; 95% CI 20-53) of the 34
        ("around", r"(N)W{0,4}\([=~]?(P)[^()FPN]*\)[wt]{0,2}oa{0,3}(N)(?![XNPI]|va{0,2}[NX])", True),
        ("around", r"(N)W{0,3}\([=~]?(P)\)[wtaihq]{1,8}oa{0,3}(N)w{0,3}t", False),
        # 35% (12) of 34 patients
        ("around", r"(P)[wt]{0,2}\(([EN])\)[wt]{0,2}oa{0,3}(N)(?=[wt,;:.)])", True),
        # 35% of the 34 patients (n = 12)
        ("among", r"(P)oa{0,3}(N)[wt]{1,3}\((E)\)", True),
        ("among", r"(P)oa{0,3}(N)(?=w{0,2}t)", True),
        ("among", r"(P)[t]?oa{1,3}(N)(?=[,.;)])", True),
        # 12/34, 35%; 12/34 = 35%
        ("beside", r"(F)[wt]{0,3}[=](P)", True),
        ("beside", r"(F)[wtai]{0,10},?[wtaio]{0,3}q[wtaioq]{0,9}[.,]?[wi]{0,2}(P)(?=[,;:.)wo]|$)", True),
        ("beside", r"(F)[wt]{0,2},v?(P)(?=[,;:.)]|$)", True),
        ("beside", r"(F)[wt]{0,3}v(P)(?=[,;:.)]|$)", False),
        ("beside", r"(?<![PFv])(P),?[=](F)", True),
        # 12 patients, that is 35%; 12, or 35%
        ("beside", r"(N)t?,(?:v|[wq]{0,2}q)[wi]{0,2}(P)(?=[,;:.)w]|$)", False),
        # 12 (35%), 12 patients (35%)
        ("count", r"(N)[wtah]{0,3}\([=~]?(P)(?=[,;:I)(])", False),
        # 35% (n = 12)
        ("count", r"(P)[wtao]{0,4}\((E)[,;I]*\)", False),
        ("count", r"(P)[wt]{0,1}\((N)[,;I]*\)", False),
    )
)
_TOTAL = re.compile(
    r"(?:^|[:;.]|,[wv]{1,2})[wi]{0,3}oa{0,3}(N)(?:w{0,4}t|[,w])"  # Of the 34 patients, ...
    r"|(?:^|[:;.])w{0,3}ia{0,3}(N)w{0,4}t"  # In the 34 patients, ...
    r"|(?:^|[:;.])w?a(N)w{0,2}t"  # All 34 patients were asked, ...
    r"|(?<![XP])[(](E)[)]"  # in the first group (n = 34), ...
    r"|^(?:w:)?[wi]{0,2}(F)"  # 12 of 34 (35%), 14 (41%)
    r"|(?:^|[:;.,]w?|w)(N)(?=w{0,3}t[wtaohiq]{0,4}[,;]v?o[ah])"  # 20 responders, and of these 9
    r"|^(?:w:)?[wao]{0,4}(N)w{0,4}t(?=w{0,2}[wh]{1,8}[,:;v])"  # In all, 34 patients were treated: 12
)
# 20 responders, and of these 9 (39%); 20 were seen, of whom 9 (39%)
_OF_THEM = rf"w{{0,3}}t{_WORDS}{{0,4}}[,;]v?o[ah]w{{0,2}}"
_ABOUT_SO_MUCH = frozenset(
    "approximately about nearly almost over than least most around roughly circa ca under".split()
)
_AVERAGED = frozenset(
    "averaged mean median average hematocrit haematocrit hba1c saturation ejection level levels score "
    "predicted concentration value values".split()
)
_THEMSELVES = frozenset("i ie i.e that or equivalent corresponding representing".split())
_ENROLLED = frozenset(
    "enrolled included recruited randomized randomised treated analyzed analysed evaluated studied "
    "participated identified".split()
)
_NESTED = frozenset("including comprising remaining whose these those them other namely only".split())
_SCALED = re.compile(
    r"HLA|\bmatch|allel|genotyp|criteri|\bscor|\bscale|apgar|\bVAS\b|\bNRS\b|\bpain\b|grade|CTC",
    re.IGNORECASE,
)
_OF_EACH = re.compile(
    r"(?:criteri|allele|match|mismatch|session|dose|pill|tablet|item|domain|symptom|feature|antigen|loci\b|locus|acr\b)"
)
_PER = frozenset({1000, 10_000, 100_000})
_FEW, _DOZEN = 6, 15  # totals so small are as often a scale, a schedule or a common fraction
_MODELLED = re.compile(
    r"kaplan|meier|cumulative|actuarial|estimated|weighted|adjusted|imput|standardi[sz]ed|projected|modell?ed"
    r"|life.table|per protocol|probabilit|predicted|simulat",
    re.IGNORECASE,
)


def count_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every percent with the counts printed for it, fractions without percent, and counts of people."""
    for sentence in sentences:
        if any(token.number is not None for token in sentence.tokens):
            yield from _in_sentence(document, sentence)


def _in_sentence(document: Document, sentence: Sentence) -> Iterator[Claim]:
    found = pieces(sentence.tokens)
    kinds = "".join(piece.kind for piece in found)
    if "P" not in kinds and "F" not in kinds and "t" not in kinds and "E" not in kinds:
        return
    taken: set[int] = set()
    where = document.where(sentence.start)
    modelled = "P" in kinds and bool(_MODELLED.search(document.text, sentence.start, sentence.end))
    paired = (
        [(group, tight and not modelled) for group, tight in _pairs(kinds, taken)] if "P" in kinds else []
    )
    told = "".join(
        kind.lower() if place in taken and kind in "NE" else kind for place, kind in enumerate(kinds)
    )
    for group, tight in paired:
        yield _proportion(document, sentence, found, group, (where, tight, told))
    for index, piece in enumerate(found):
        if index in taken:
            continue
        if piece.kind in "FP":
            yield _proportion(document, sentence, found, (index,), (where, False, told))
        elif piece.kind in "EN":
            people = piece.kind == "E" or bool(re.match(r"w{0,4}t", kinds[index + 1 :]))
            yield _quantity(document, sentence, found, (index, people), where)


def _pairs(kinds: str, taken: set[int]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Yield the places of pieces that belong together, and whether no other reading is left."""
    for name, rule, tight in _RULES:
        for found in rule.finditer(kinds):
            if name in {"lists", "turns"}:
                yield from (_lists if name == "lists" else _turns)(kinds, found, taken)
                continue
            group = tuple(found.start(number) for number in range(1, (found.lastindex or 0) + 1))
            if name == "respectively" and not taken & set(group):
                taken.update(group)
                yield (group[0], group[1], group[4]), True
                yield (group[2], group[3], group[5]), True
            elif not taken & set(group):
                ambiguous = name == "outside" and _joined_before(kinds, group[0], taken)
                taken.update(group)
                yield group, tight and not ambiguous


def _lists(kinds: str, found: re.Match[str], taken: set[int]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Pair two lists of equal length in their order: fractions with percents."""
    span = range(found.start(), found.end())
    first, second = kinds[found.start()], "P" if kinds[found.start()] == "F" else "F"
    left = [place for place in span if kinds[place] == first and place not in taken]
    right = [place for place in span if kinds[place] == second and place not in taken]
    if len(left) == len(right):
        for pair in zip(left, right, strict=True):
            taken.update(pair)
            yield pair, True


def _turns(kinds: str, found: re.Match[str], taken: set[int]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Pair fractions and percents that are told by turns, each with its neighbour."""
    told = [place for place in range(found.start(), found.end()) if kinds[place] in "FP"]
    if not taken & set(told):
        taken.update(told)
        for pair in zip(told[::2], told[1::2], strict=True):
            yield pair, True


def _joined_before(kinds: str, place: int, taken: set[int]) -> bool:
    """True where a piece of the same kind, still alone, is joined to this one by "and" or "vs"."""
    found = re.search(rf"{kinds[place]}(?:[wtaohi]{{0,6}}[v,]+[wtaohi]{{0,6}})$", kinds[:place])
    return found is not None and found.start() not in taken


def _proportion(
    document: Document,
    sentence: Sentence,
    found: Sequence[Piece],
    group: tuple[int, ...],
    frame: tuple[str, bool, str],
) -> Proportion:
    where, tight, kinds = frame
    count, total, percent = _numbers(found, group, kinds)
    tokens = sentence.tokens
    members = [found[place] for place in group]
    doubtful = any(piece.kind == "F" and _no_share(document.text, sentence, piece) for piece in members)
    tight = tight and not _rough(tokens, members) and not doubtful
    if (
        count is not None
        and total is not None
        and len(group) == 3
        and (count.value > total.value or _other_noun(tokens, found, group))
    ):
        total = None  # 65 eyes (45 %) of 49 patients
    origin = "printed" if total is not None else ""
    first = min(found[place].first for place in group)
    if total is None and (count is not None or percent is not None):
        total, origin = _sentence_total(tokens, found, kinds, group[0], count)
        if count is None and not (origin == "opening" and _of_people(tokens, total, first)):
            total, origin = None, ""
    last = max(found[place].last for place in group)
    start, end = tokens[first].start, tokens[last].end
    words = about(tokens, first, last)
    return Proportion(
        start, end, document.text[start:end], where, words, count, total, percent, origin, tight
    )


def _numbers(
    found: Sequence[Piece], group: tuple[int, ...], kinds: str
) -> tuple[Printed | None, Printed | None, Printed | None]:
    """Return count, total and percent of the pieces that belong together."""
    percent = next((found[place].percent for place in group if found[place].kind == "P"), None)
    fraction = next((found[place] for place in group if found[place].kind == "F"), None)
    if fraction is not None:
        return fraction.number, fraction.total, percent
    numbers = [found[place].number for place in group if found[place].kind in "NE"]
    if len(numbers) == 2:
        swapped = kinds[group[0]] == "P" and kinds[group[2]] in "Ee"  # 35 % of the 34 patients (n = 12)
        return (numbers[1], numbers[0], percent) if swapped else (numbers[0], numbers[1], percent)
    if numbers and _is_among(kinds, group):
        return None, numbers[0], percent
    return (numbers[0] if numbers else None), None, percent


def _sentence_total(
    tokens: Sequence[Token], found: Sequence[Piece], kinds: str, place: int, count: Printed | None
) -> tuple[Printed | None, str]:
    """Return the total told earlier in the sentence, and how surely it is this count's.

    "opening" for "Of the 34 patients, 12 (35 %)", "list" for the counts that follow it in one list,
    "sentence" where other numbers or "of whom" stand between.
    """
    best: re.Match[str] | None = None
    for match in _TOTAL.finditer(kinds, 0, place):
        number = _total_of(found[match.start(match.lastindex or 0)])
        if match.end() <= place and number is not None and (count is None or number.value >= count.value):
            best = match
    if best is None:
        return None, ""
    index = best.start(best.lastindex or 0)
    between = kinds[index + 1 : place]
    words = {token.low for token in tokens[found[index].last + 1 : found[place].first]}
    total = _total_of(found[index])
    if total is None or (best.lastindex == best.re.groups and (count is None or not _ENROLLED & words)):
        return None, ""
    if re.fullmatch(_OF_THEM, between) and count is not None and total.value > count.value:
        return total, "opening"
    if found[index].kind == "E":
        direct = re.fullmatch(r"\),[wtaihq]{0,9}", between) and count is not None
        return total, "opening" if direct else "sentence"
    loose = words & _NESTED or re.search(rf"[FXNE]|oa|,h|P(?!\)|[^()]*\))|{_WORDS}{{9}}", between)
    if loose or (count is not None and total.value == count.value):
        return total, "sentence"
    if found[index].kind == "N" and re.fullmatch(r"[wta]{0,5}|[wtaihvq]{0,8},v?[wtaioq]{0,9}", between):
        return total, "opening"
    return total, "list" if "P" in between or found[index].kind == "F" else "sentence"


def _of_people(tokens: Sequence[Token], total: Printed | None, percent_at: int) -> bool:
    """True for "Among 12 children, 42 % ...": people, a comma, and a share of them, not a mean in percent."""
    at = next((place for place, token in enumerate(tokens) if token.number is total), len(tokens))
    between = [token.low for token in tokens[at + 1 : percent_at]]
    told_of_them = not _AVERAGED & set(between) and not _THEMSELVES & set(between)
    return bool(PEOPLE & set(between[:4])) and "," in between and told_of_them


def _total_of(piece: Piece) -> Printed | None:
    return piece.total if piece.kind == "F" else piece.number


def _rough(tokens: Sequence[Token], group: Sequence[Piece]) -> bool:
    """True where one of the numbers is told as about, more than or at least so much."""
    return any(piece.first and tokens[piece.first - 1].low in _ABOUT_SO_MUCH for piece in group)


def _no_share(text: str, sentence: Sentence, piece: Piece) -> bool:
    """True where "3/4", "10/10", "50/500" or "5/1000" may be a grade, a match, two doses or a rate."""
    tokens, count, total = sentence.tokens, piece.number, piece.total
    if count is None or total is None:
        return False
    of_each = any(_OF_EACH.match(token.low) for token in tokens[piece.last + 1 : piece.last + 3])
    if tokens[piece.first + 1].text != "/":
        spelled = not count.text[0].isdigit() and not total.text[0].isdigit()
        return total.value <= (_FEW if spelled else _DOZEN if of_each else 0)
    before = tokens[piece.first - 1].text if piece.first else ""
    scaled = _SCALED.search(text, sentence.start, sentence.end)
    named = sum(letter.isupper() or letter.isdigit() for letter in before) > 1
    return (
        "/" in before
        or total.value in _PER
        or total.value <= _FEW - 1
        or (total.value <= _DOZEN and bool(named or of_each or count.value == total.value or scaled))
    )


def _other_noun(tokens: Sequence[Token], found: Sequence[Piece], group: tuple[int, ...]) -> bool:
    """True for "65 eyes (45 %) of 49 patients": what is counted is not what the total counts."""
    counted = [tokens[piece.last].low for piece in found[group[0] : group[1]] if piece.kind == "t"]
    among = [tokens[piece.last].low for piece in found[group[-1] : group[-1] + 5] if piece.kind == "t"]
    return bool(counted and among) and counted[-1].rstrip("s") != among[0].rstrip("s")


def _is_among(kinds: str, group: tuple[int, ...]) -> bool:
    """True for "35 % of the 34 patients": the number is the total, not the count."""
    first, last = group[0], group[-1]
    return (
        kinds[first] == "P"
        and kinds[last] in "Nn"
        and "o" in kinds[first:last]
        and "(" not in kinds[first:last]
    )


def _quantity(
    document: Document, sentence: Sentence, found: Sequence[Piece], which: tuple[int, bool], where: str
) -> Quantity:
    index, people = which
    piece = found[index]
    last = piece.last
    if people and piece.kind == "N":
        last = next(one.last for one in found[index:] if one.kind == "t")
    tokens: Sequence[Token] = sentence.tokens
    start, end = tokens[piece.first].start, tokens[last].end
    words = about(tokens, piece.first, piece.last) if people else ""
    unit = "people" if people else ""
    return Quantity(start, end, document.text[start:end], where, words, piece.number, unit)
