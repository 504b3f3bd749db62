"""The publications that stand behind the models, each looked up; what could not be verified is not cited.

Authors, journal, year and pages were compared with the references of metafor 3.8-1's help pages, of the R
packages pimeta, meta and bayesmeta, and with published reference lists; a DOI stands where one
was seen there.
"""

from __future__ import annotations

REFERENCES = {
    "Clopper 1934": (
        "Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the "
        "binomial. Biometrika 1934;26:404-413. doi:10.1093/biomet/26.4.404"
    ),
    "DerSimonian 1986": (
        "DerSimonian R, Laird N. Meta-analysis in clinical trials. Control Clin Trials 1986;7:177-188. "
        "doi:10.1016/0197-2456(86)90046-2"
    ),
    "Freeman 1950": (
        "Freeman MF, Tukey JW. Transformations related to the angular and the square root. Ann Math Stat "
        "1950;21:607-611. doi:10.1214/aoms/1177729756"
    ),
    "Greenland 1985": (
        "Greenland S, Robins JM. Estimation of a common effect parameter from sparse follow-up data. "
        "Biometrics 1985;41:55-68. doi:10.2307/2530643"
    ),
    "Hamza 2008": (
        "Hamza TH, van Houwelingen HC, Stijnen T. The binomial distribution of meta-analysis was preferred "
        "to model within-study variability. J Clin Epidemiol 2008;61:41-51"
    ),
    "Hartung 1999": (
        "Hartung J. An alternative method for meta-analysis. Biom J 1999;41:901-916. "
        "doi:10.1002/(SICI)1521-4036(199912)41:8<901::AID-BIMJ901>3.0.CO;2-W"
    ),
    "Higgins 2002": (
        "Higgins JPT, Thompson SG. Quantifying heterogeneity in a meta-analysis. Stat Med "
        "2002;21:1539-1558. doi:10.1002/sim.1186"
    ),
    "Higgins 2009": (
        "Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis. J R "
        "Stat Soc Ser A 2009;172:137-159. doi:10.1111/j.1467-985X.2008.00552.x"
    ),
    "Knapp 2003": (
        "Knapp G, Hartung J. Improved tests for a random effects meta-regression with a single covariate. "
        "Stat Med 2003;22:2693-2710. doi:10.1002/sim.1482"
    ),
    "Kuss 2015": (
        "Kuss O. Statistical methods for meta-analyses including information from studies without any "
        "events - add nothing to nothing and succeed nevertheless. Stat Med 2015;34:1097-1116. "
        "doi:10.1002/sim.6383"
    ),
    "Mantel 1959": (
        "Mantel N, Haenszel W. Statistical aspects of the analysis of data from retrospective studies of "
        "disease. J Natl Cancer Inst 1959;22:719-748. doi:10.1093/jnci/22.4.719"
    ),
    "Miller 1978": (
        "Miller JJ. The inverse of the Freeman-Tukey double arcsine transformation. Am Stat 1978;32:138. "
        "doi:10.1080/00031305.1978.10479283"
    ),
    "Morris 1983": (
        "Morris CN. Parametric empirical Bayes inference: theory and applications. J Am Stat Assoc "
        "1983;78:47-55. doi:10.2307/2287098"
    ),
    "Paule 1982": (
        "Paule RC, Mandel J. Consensus values and weighting factors. J Res Natl Bur Stand 1982;87:377-385. "
        "doi:10.6028/jres.087.022"
    ),
    "Robins 1986": (
        "Robins J, Breslow N, Greenland S. Estimators of the Mantel-Haenszel variance consistent in both "
        "sparse data and large-strata limiting models. Biometrics 1986;42:311-323. doi:10.2307/2531052"
    ),
    "Röver 2015": (
        "Röver C, Knapp G, Friede T. Hartung-Knapp-Sidik-Jonkman approach and its modification for "
        "random-effects meta-analysis with few studies. BMC Med Res Methodol 2015;15:99. "
        "doi:10.1186/s12874-015-0091-1"
    ),
    "Röver 2020": (
        "Röver C. Bayesian random-effects meta-analysis using the bayesmeta R package. J Stat Softw "
        "2020;93(6):1-51. doi:10.18637/jss.v093.i06"
    ),
    "Röver 2021": (
        "Röver C, Bender R, Dias S, et al. On weakly informative prior distributions for the heterogeneity "
        "parameter in Bayesian random-effects meta-analysis. Res Synth Methods 2021;12:448-474"
    ),
    "Sato 1989": (
        "Sato T, Greenland S, Robins JM. On the variance estimator for the Mantel-Haenszel risk difference. "
        "Biometrics 1989;45:1323-1324"
    ),
    "Schwarzer 2019": (
        "Schwarzer G, Chemaitelly H, Abu-Raddad LJ, Rücker G. Seriously misleading results using inverse of "
        "Freeman-Tukey double arcsine transformation in meta-analysis of single proportions. Res Synth "
        "Methods 2019;10:476-483. doi:10.1002/jrsm.1348"
    ),
    "Sidik 2005": (
        "Sidik K, Jonkman JN. Simple heterogeneity variance estimation for meta-analysis. J R Stat Soc Ser "
        "C 2005;54:367-384. doi:10.1111/j.1467-9876.2005.00489.x"
    ),
    "Simmonds 2016": (
        "Simmonds MC, Higgins JPT. A general framework for the use of logistic regression models in "
        "meta-analysis. Stat Methods Med Res 2016;25:2858-2877. doi:10.1177/0962280214534409"
    ),
    "Stijnen 2010": (
        "Stijnen T, Hamza TH, Ozdemir P. Random effects meta-analysis of event outcome in the framework of "
        "the generalized linear mixed model with applications in sparse data. Stat Med 2010;29:3046-3067. "
        "doi:10.1002/sim.4040"
    ),
    "Veroniki 2016": (
        "Veroniki AA, Jackson D, Viechtbauer W, et al. Methods to estimate the between-study variance and "
        "its uncertainty in meta-analysis. Res Synth Methods 2016;7:55-79. doi:10.1002/jrsm.1164"
    ),
    "Viechtbauer 2005": (
        "Viechtbauer W. Bias and efficiency of meta-analytic variance estimators in the random-effects "
        "model. J Educ Behav Stat 2005;30:261-293. doi:10.3102/10769986030003261"
    ),
    "Viechtbauer 2007": (
        "Viechtbauer W. Confidence intervals for the amount of heterogeneity in meta-analysis. Stat Med "
        "2007;26:37-52. doi:10.1002/sim.2514"
    ),
    "Yusuf 1985": (
        "Yusuf S, Peto R, Lewis J, Collins R, Sleight P. Beta blockade during and after myocardial "
        "infarction: an overview of the randomized trials. Prog Cardiovasc Dis 1985;27:335-371. "
        "doi:10.1016/s0033-0620(85)80003-7"
    ),
}
OF_MODEL = {
    "glmm": ("Hamza 2008", "Stijnen 2010"),
    "common": ("Clopper 1934",),
    "beta-binomial": ("Kuss 2015",),
    "bayes": ("Röver 2020",),
    "bayes-normal": ("Röver 2020",),
    "glmm-conditional": ("Stijnen 2010",),
    "glmm-unconditional": ("Simmonds 2016",),
    "mantel-haenszel": ("Mantel 1959",),
    "peto": ("Yusuf 1985",),
}
OF_TAU2 = {
    "DL": ("DerSimonian 1986",),
    "PM": ("Paule 1982",),
    "SJ": ("Sidik 2005",),
    "EB": ("Morris 1983",),
    "ML": ("Viechtbauer 2005",),
    "REML": ("Viechtbauer 2005",),
    "HE": ("Veroniki 2016",),
    "HS": ("Veroniki 2016",),
}
OF_INTERVAL = {
    "exact": ("Clopper 1934",),
    "exact-studies": ("Clopper 1934",),
    "exact-widest": ("Clopper 1934",),
    "hk": ("Hartung 1999", "Knapp 2003"),
    "hk-adhoc": ("Knapp 2003", "Röver 2015"),
}
OF_PREDICTION = {"hts": ("Higgins 2009",)}
OF_VARIANCE = {"OR": ("Robins 1986",), "RR": ("Greenland 1985",), "RD": ("Sato 1989",)}
