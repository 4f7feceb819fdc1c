//! Compares the estimator, the adaptive choice and the calibration with reference values.

use std::collections::BTreeMap;

use aethos::core::measure::{Calibration, Curve, Estimator, Offer, Parameters, Pool};
use serde::Deserialize;

#[derive(Deserialize)]
struct Item {
    a: f64,
    b: f64,
    tau: f64,
    c: f64,
    slip: f64,
}

impl From<&Item> for Parameters {
    fn from(Item { a, b, tau, c, slip }: &Item) -> Self {
        Self {
            a: *a,
            b: *b,
            tau: *tau,
            c: *c,
            slip: *slip,
        }
    }
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found}, expected {expected}"
    );
}

#[test]
fn response_model() {
    #[derive(Deserialize)]
    struct Vectors {
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        theta: f64,
        item: Item,
        p: f64,
        ll: BTreeMap<String, f64>,
    }
    let vectors: Vectors =
        serde_json::from_str(include_str!("vectors/response_model.json")).unwrap();
    assert_eq!(vectors.cases.len(), 20);
    for (i, case) in vectors.cases.iter().enumerate() {
        let parameters = Parameters::from(&case.item);
        near(
            parameters.probability(case.theta),
            case.p,
            1e-6,
            &format!("case {i}"),
        );
        for (score, expected) in &case.ll {
            let found = parameters.log_likelihood(case.theta, score.parse().unwrap());
            near(found, *expected, 1e-6, &format!("case {i}, score {score}"));
        }
    }
}

#[test]
fn estimator() {
    #[derive(Deserialize)]
    struct Vectors {
        bank_for_score: Vec<Item>,
        bank_curve: Vec<f64>,
        tolerance: f64,
        tolerance_overall_interval: f64,
        spec: Spec,
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Spec {
        blueprint_weights: Vec<f64>,
    }
    #[derive(Deserialize)]
    #[allow(non_snake_case)]
    struct Case {
        name: String,
        K: usize,
        responses: Vec<Response>,
        expected: Expected,
    }
    #[derive(Deserialize)]
    struct Response {
        k: usize,
        item: Item,
        x: f64,
    }
    #[derive(Deserialize)]
    struct Expected {
        competencies: Vec<Competency>,
        overall_score: f64,
        overall_sd: f64,
        overall_lo90: f64,
        overall_hi90: f64,
        overall_level_probs: [f64; 4],
        overall_by_blueprint: Option<Whole>,
        spread_weights: [f64; 6],
    }
    #[derive(Deserialize)]
    struct Whole {
        score: f64,
        sd: f64,
        lo90: f64,
        hi90: f64,
        level_probs: [f64; 4],
    }
    #[derive(Deserialize)]
    struct Competency {
        theta_mean: f64,
        theta_sd: f64,
        theta_lo90: f64,
        theta_hi90: f64,
        score: f64,
        score_sd: f64,
        predicted: f64,
        own_lo: f64,
        own_hi: f64,
        score_lo90: f64,
        score_hi90: f64,
        end_mass: [f64; 2],
        level_probs: [f64; 4],
    }
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/estimator.json")).unwrap();
    let bank: Vec<_> = vectors
        .bank_for_score
        .iter()
        .map(|item| (Parameters::from(item), 1))
        .collect();
    let curve = Curve::of(&bank);
    for (found, expected) in curve.points().iter().zip(&vectors.bank_curve) {
        near(*found, *expected, vectors.tolerance, "bank curve");
    }
    assert_eq!((vectors.bank_curve.len(), vectors.cases.len()), (61, 10));
    for Case {
        name,
        K: competencies,
        responses,
        expected,
    } in &vectors.cases
    {
        let mut estimator = Estimator::new(*competencies);
        for Response { k, item, x } in responses {
            estimator.add(*k, &item.into(), *x);
        }
        let posterior = estimator.posterior();
        assert_eq!(expected.competencies.len(), *competencies);
        for (k, expected) in expected.competencies.iter().enumerate() {
            let density = posterior.competency(k);
            let measure = density.measure(&curve);
            let [own_low, own_high] = density.own_bounds(&curve);
            for (what, found, expected) in [
                ("theta mean", density.mean(), expected.theta_mean),
                ("theta sd", density.sd(), expected.theta_sd),
                ("theta low", density.quantile(0.05), expected.theta_lo90),
                ("theta high", density.quantile(0.95), expected.theta_hi90),
                ("score", measure.score, expected.score),
                ("score sd", measure.sd, expected.score_sd),
                (
                    "predicted",
                    100.0 * density.predicted(&curve),
                    expected.predicted,
                ),
                ("own low", 100.0 * own_low, expected.own_lo),
                ("own high", 100.0 * own_high, expected.own_hi),
                ("knows nothing", density.ends()[0], expected.end_mass[0]),
                ("knows everything", density.ends()[1], expected.end_mass[1]),
                ("score low", measure.low, expected.score_lo90),
                ("score high", measure.high, expected.score_hi90),
                ("junior", measure.levels[0], expected.level_probs[0]),
                ("mid", measure.levels[1], expected.level_probs[1]),
                ("senior", measure.levels[2], expected.level_probs[2]),
                ("staff", measure.levels[3], expected.level_probs[3]),
            ] {
                near(
                    found,
                    expected,
                    vectors.tolerance,
                    &format!("{name}, competency {k}, {what}"),
                );
            }
        }
        let equal = Whole {
            score: expected.overall_score,
            sd: expected.overall_sd,
            lo90: expected.overall_lo90,
            hi90: expected.overall_hi90,
            level_probs: expected.overall_level_probs,
        };
        let wholes = [
            Some((vec![1.0; *competencies], &equal)),
            expected
                .overall_by_blueprint
                .as_ref()
                .map(|whole| (vectors.spec.blueprint_weights.clone(), whole)),
        ];
        for (weights, expected) in wholes.into_iter().flatten() {
            let overall = posterior.overall(&weights, &vec![curve.clone(); *competencies]);
            near(overall.score, expected.score, vectors.tolerance, name);
            near(overall.sd, expected.sd, vectors.tolerance, name);
            near(
                overall.low,
                expected.lo90,
                vectors.tolerance_overall_interval,
                name,
            );
            near(
                overall.high,
                expected.hi90,
                vectors.tolerance_overall_interval,
                name,
            );
            for (found, expected) in overall.levels.iter().zip(&expected.level_probs) {
                near(
                    *found,
                    *expected,
                    vectors.tolerance,
                    &format!("{name}, overall levels"),
                );
            }
        }
        for (found, expected) in posterior.spreads().iter().zip(&expected.spread_weights) {
            near(
                *found,
                *expected,
                vectors.tolerance,
                &format!("{name}, spreads"),
            );
        }
    }
}

#[test]
fn selection() {
    #[derive(Deserialize)]
    struct Vectors {
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    #[allow(non_snake_case)]
    struct Case {
        name: String,
        K: usize,
        keep: f64,
        bank: Vec<Question>,
        seen: Vec<u32>,
        asked: Vec<usize>,
        answers: Vec<f64>,
        expected: Expected,
    }
    #[derive(Deserialize)]
    struct Question {
        k: usize,
        facet: String,
        #[serde(flatten)]
        item: Item,
    }
    #[derive(Deserialize)]
    struct Expected {
        eligible: Vec<usize>,
        var_score: BTreeMap<usize, f64>,
        competency: usize,
        candidates: Vec<usize>,
        utility: BTreeMap<usize, f64>,
        kept: Vec<usize>,
        item: usize,
    }
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/selection.json")).unwrap();
    assert_eq!(vectors.cases.len(), 5);
    for Case {
        name,
        K: competencies,
        keep,
        bank,
        seen,
        asked,
        answers,
        expected,
    } in &vectors.cases
    {
        let of = |k| {
            bank.iter()
                .filter(move |q| q.k == k)
                .map(|q| (Parameters::from(&q.item), 1))
                .collect::<Vec<_>>()
        };
        let curves: Vec<_> = (0..*competencies).map(|k| Curve::of(&of(k))).collect();
        let offers: Vec<_> = bank
            .iter()
            .zip(seen)
            .map(|(Question { k, facet, item }, seen)| Offer {
                competency: *k,
                facet,
                parameters: item.into(),
                seen: *seen,
            })
            .collect();
        let mut pool = Pool::new(&offers, &curves);
        let mut estimator = Estimator::new(*competencies);
        for (index, score) in asked.iter().zip(answers) {
            pool.take(*index);
            estimator.add(
                offers[*index].competency,
                &offers[*index].parameters,
                *score,
            );
        }
        let shortlist = pool.shortlist(&estimator.posterior()).unwrap();
        let eligible: Vec<_> = shortlist.eligible.iter().map(|(k, _)| *k).collect();
        assert_eq!(
            (&eligible, shortlist.competency),
            (&expected.eligible, expected.competency),
            "{name}"
        );
        for (k, variance) in &shortlist.eligible {
            near(
                *variance,
                expected.var_score[k],
                1e-9,
                &format!("{name}, variance of competency {k}"),
            );
        }
        let utilities: BTreeMap<_, _> = shortlist.utilities().collect();
        assert_eq!(
            utilities.keys().copied().collect::<Vec<_>>(),
            expected.candidates,
            "{name}"
        );
        for (index, utility) in &utilities {
            near(
                *utility,
                expected.utility[index],
                1e-9,
                &format!("{name}, utility of question {index}"),
            );
        }
        let mut kept: Vec<_> = shortlist.kept(*keep).collect();
        kept.sort_unstable();
        assert_eq!(kept, expected.kept, "{name}");
        assert_eq!(
            shortlist.least_seen(*keep).into_iter().flatten().min(),
            Some(&expected.item),
            "{name}"
        );
    }
}

#[test]
fn calibration() {
    #[derive(Deserialize)]
    struct Vectors {
        cases: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        name: String,
        p: Vec<f64>,
        x: Vec<f64>,
        expected: Expected,
    }
    #[derive(Deserialize)]
    struct Expected {
        n: usize,
        mean_confidence: f64,
        accuracy: f64,
        bias: f64,
        bias_lo90: f64,
        bias_hi90: f64,
        brier: f64,
        reliability: f64,
        reliability_debiased: f64,
        resolution: f64,
        uncertainty: f64,
        skill: Option<f64>,
        auc: Option<f64>,
        cbm_mean: f64,
        curve: Vec<Stated>,
    }
    #[derive(Deserialize)]
    struct Stated {
        stated: f64,
        n: usize,
        observed: f64,
        smoothed: f64,
        lo90: f64,
        hi90: f64,
    }
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/calibration.json")).unwrap();
    assert_eq!(vectors.cases.len(), 5);
    for Case {
        name,
        p,
        x,
        expected,
    } in vectors.cases
    {
        let answers: Vec<_> = p.into_iter().zip(x).collect();
        let found = Calibration::of(&answers).unwrap();
        assert_eq!(
            (found.n, found.statements.len()),
            (expected.n, expected.curve.len()),
            "{name}"
        );
        for (what, found, expected) in [
            ("stated", found.stated, expected.mean_confidence),
            ("right", found.right, expected.accuracy),
            ("bias", found.bias, expected.bias),
            ("bias low", found.bias_low, expected.bias_lo90),
            ("bias high", found.bias_high, expected.bias_hi90),
            ("brier", found.brier, expected.brier),
            ("reliability", found.reliability, expected.reliability),
            (
                "reliability debiased",
                found.reliability_debiased,
                expected.reliability_debiased,
            ),
            ("resolution", found.resolution, expected.resolution),
            ("uncertainty", found.uncertainty, expected.uncertainty),
            ("cbm", found.cbm_mean, expected.cbm_mean),
        ] {
            near(found, expected, 1e-9, &format!("{name}, {what}"));
        }
        for (what, found, expected) in [
            ("skill", found.skill, expected.skill),
            ("auc", found.auc, expected.auc),
        ] {
            assert_eq!(found.is_some(), expected.is_some(), "{name}, {what}");
            near(
                found.unwrap_or_default(),
                expected.unwrap_or_default(),
                1e-9,
                &format!("{name}, {what}"),
            );
        }
        for (found, expected) in found.statements.iter().zip(expected.curve) {
            assert_eq!(
                (found.stated, found.n),
                (expected.stated, expected.n),
                "{name}"
            );
            near(found.right, expected.observed, 1e-9, &name);
            near(found.smoothed, expected.smoothed, 1e-9, &name);
            near(found.low, expected.lo90, 1e-9, &name);
            near(found.high, expected.hi90, 1e-9, &name);
        }
    }
}
