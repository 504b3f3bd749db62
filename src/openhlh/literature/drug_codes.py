"""Development codes under which well-known drugs without a page of their own stand in papers."""

from __future__ import annotations

CODES: dict[str, tuple[str, ...]] = {
    "abatacept": ("BMS-188667",), "abemaciclib": ("LY2835219",), "acalabrutinib": ("ACP-196",),
    "atezolizumab": ("MPDL3280A",), "belatacept": ("LEA29Y", "BMS-224818"), "bortezomib": ("PS-341",),
    "bosutinib": ("SKI-606",), "carfilzomib": ("PR-171",), "crizotinib": ("PF-02341066",),
    "dabrafenib": ("GSK2118436",), "dasatinib": ("BMS-354825",), "durvalumab": ("MEDI4736",),
    "erlotinib": ("OSI-774",), "everolimus": ("RAD001",), "fedratinib": ("TG101348", "SAR302503"),
    "filgotinib": ("GLPG0634",), "fingolimod": ("FTY720",), "gefitinib": ("ZD1839",),
    "gilteritinib": ("ASP2215",), "golimumab": ("CNTO 148", "CNTO148"), "ibrutinib": ("PCI-32765",),
    "idelalisib": ("CAL-101", "GS-1101"), "imatinib": ("STI571", "STI-571"), "ipilimumab": ("MDX-010",),
    "itacitinib": ("INCB039110",), "lapatinib": ("GW572016",), "midostaurin": ("PKC412",),
    "mogamulizumab": ("KW-0761",), "momelotinib": ("CYT387",), "navitoclax": ("ABT-263",),
    "nilotinib": ("AMN107",), "obinutuzumab": ("GA101",), "olaparib": ("AZD2281",),
    "osimertinib": ("AZD9291",), "pacritinib": ("SB1518",), "palbociclib": ("PD-0332991", "PD0332991"),
    "panobinostat": ("LBH589",), "pembrolizumab": ("MK-3475",), "pomalidomide": ("CC-4047",),
    "ponatinib": ("AP24534",), "quizartinib": ("AC220",), "ravulizumab": ("ALXN1210",),
    "remdesivir": ("GS-5734",), "ribociclib": ("LEE011",), "secukinumab": ("AIN457",),
    "sofosbuvir": ("GS-7977", "PSI-7977"), "sorafenib": ("BAY 43-9006", "BAY43-9006"),
    "sunitinib": ("SU11248",), "temsirolimus": ("CCI-779",), "tirzepatide": ("LY3298176",),
    "tofacitinib": ("CP-690,550", "CP-690550", "CP690550"), "trametinib": ("GSK1120212",),
    "upadacitinib": ("ABT-494",), "ustekinumab": ("CNTO 1275", "CNTO1275"),
    "vemurafenib": ("PLX4032", "RG7204"), "venetoclax": ("ABT-199", "GDC-0199"),
    "zanubrutinib": ("BGB-3111",),
}  # fmt: skip
