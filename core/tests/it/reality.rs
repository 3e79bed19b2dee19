//! Degenerate reality: what becomes of the real territories for which a ratio, a class or an account is
//! missing. All of France's register, real names and populations, and a few invented accounts.
//!
//! Each rule is stated in the methodology document that makes it, beside its reason; what strata,
//! eligibility and fallbacks do in general, in `spec/field.md`, `spec/reference.md` and `spec/aggregate.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};

use bareme::cohort::Table;
use bareme::scoring::TerritoryScore;
use bareme::{Cohort, Methodology, Scoring, catalogue};

const NICE: &str = "200030195";
/// The communes destroyed in 1916, which have a mayor and no inhabitant.
const WITHOUT_INHABITANTS: [&str; 6] = ["55039", "55050", "55139", "55189", "55239", "55307"];

const ACCOUNTS: &str = "territory,network,followers,following,posts,likes,comments,shares,views,synthetic
55189,facebook,900,,5,80,4,3,,yes
55189,instagram,300,40,4,60,4,,,yes
11100,facebook,120,,3,20,2,1,,yes
25100,facebook,260,,9,70,9,6,,yes
25100,instagram,90,30,0,0,0,,,yes
06100,facebook,150,,0,0,0,0,,yes
29232,facebook,21000,,30,5000,300,200,,yes
29232,instagram,9000,300,20,6000,250,,,yes
06083,facebook,14000,,25,4000,300,150,,yes
06083,instagram,12000,300,31,9000,240,,,yes
200030195,facebook,22000,,30,3500,200,140,,yes
200030195,instagram,15000,200,18,7000,150,,,yes
";

/// The register, without the rows that `leave_out` names.
fn france(methodology: &Methodology, leave_out: impl Fn(&str) -> bool) -> Scoring {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/france-2026/territories-2026.csv");
    let register = std::fs::read_to_string(path).unwrap();
    let mut kept = String::new();
    for line in register.lines().filter(|line| !leave_out(line)) {
        writeln!(kept, "{line}").unwrap();
    }
    // The SIREN is another id than the one that accounts use.
    let territories = Table::from_csv(kept.replacen(",siren,", ",_siren,", 1).as_bytes(), None).unwrap();
    let accounts = Table::from_csv(ACCOUNTS.as_bytes(), None).unwrap();
    let period = bareme::cohort::Period::parse("2026-10-01", "2026-10-31").unwrap();
    let read = Cohort::from_table_ignoring_unknown(accounts, Some(territories), Some(period), methodology);
    let (cohort, _) = read.unwrap_or_else(|faults| panic!("{faults}"));
    methodology.score(Arc::new(cohort)).unwrap_or_else(|faults| panic!("{faults}"))
}

static ALL_NETWORKS: LazyLock<Scoring> = LazyLock::new(|| france(&catalogue::territoires_2026_11(), |_| false));

/// What all networks together say of a territory, computed once.
fn in_france(id: &str) -> TerritoryScore {
    static KNOWN: Mutex<BTreeMap<String, TerritoryScore>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap();
    known.entry(id.to_owned()).or_insert_with(|| of(&ALL_NETWORKS, id)).clone()
}

fn of(scoring: &Scoring, id: &str) -> TerritoryScore {
    let place = scoring.cohort().ids().iter().position(|known| known == id).unwrap();
    scoring.territory(place).unwrap()
}

fn codes(score: &TerritoryScore) -> Vec<String> {
    let flags = score.flags.iter().map(|flag| match &flag.subject {
        Some(subject) => format!("{}:{subject}", flag.code),
        None => flag.code.to_owned(),
    });
    flags.collect()
}

/// The rank in the first view.
fn rank(score: &TerritoryScore, within: &str) -> (Option<u32>, Option<u32>) {
    let rank = score.ranks.iter().find(|rank| rank.within == within).unwrap();
    (rank.rank, rank.of)
}

fn part<'a>(score: &'a TerritoryScore, id: &str) -> &'a TerritoryScore {
    &score.parts.iter().find(|part| part.id == id).unwrap().territory
}

#[test]
fn all_of_the_register_is_there() {
    assert_eq!(ALL_NETWORKS.len(), 36_366);
    assert!(ALL_NETWORKS.cohort().is_synthetic());
    assert!(in_france("06083").synthetic);
}

/// Rule: the class of villages starts at one inhabitant, so these belong to none; even with an account
/// they get no score and enter no statistics (`territoires@2026.11`, strata, villages).
#[test]
fn communes_without_inhabitants_are_outside_the_strata() {
    for id in WITHOUT_INHABITANTS {
        let score = in_france(id);
        assert_eq!(
            (score.stratum.as_deref(), score.indices[0].score, score.indices[0].state),
            (None, None, "outside_strata")
        );
        assert_eq!(codes(&score), ["outside_strata"]);
        assert!(score.ranks.iter().all(|rank| rank.rank.is_none()));
    }
    // A population that is not known is no population of a village either.
    assert_eq!(codes(&in_france("98412")), ["outside_strata"]);
    // Fleury-devant-Douaumont has the largest of the small accounts, and nobody loses a place to it.
    assert_eq!(rank(&in_france("11100"), "stratum"), (Some(1), Some(2)));
    assert_eq!(rank(&in_france("25100"), "stratum"), (Some(2), Some(2)));
}

/// Rule: a reach that divides by zero inhabitants has no value, and leaves its weight to the others
/// (`observatoire-instagram@2017.10`, indicators, reach, undefined), whose strata take these communes.
#[test]
fn a_reach_without_inhabitants_has_no_value() {
    let scoring = france(&catalogue::observatoire_instagram_2017_10(), |_| false);
    let score = of(&scoring, "55189");
    let reach = score.criteria.iter().find(|criterion| &*criterion.indicator == "reach").unwrap();
    let document = scoring.methodology().document();
    let rule = document.indicators.iter().find(|indicator| indicator.id == "reach").unwrap().undefined;
    assert_eq!((reach.raw, reach.state, rule.as_str()), (None, "undefined", "leave_out"));
    assert_eq!((reach.mark, reach.weight), (None, Some(0.0)));
    assert!(score.indices[0].score.is_some() && codes(&score).contains(&"undefined:reach".to_owned()));
}

/// Rule: alone in its class, every mark that depends on others is the constant of a class of one: 50 for a
/// percentile rank, which counts itself among its equals (100 (L + E/2) / n). It is flagged.
#[test]
fn alone_in_its_class() {
    let other = |line: &str| line.contains(",metropole,") && !line.starts_with(NICE);
    let scoring = france(&catalogue::observatoire_instagram_2017_10(), other);
    let score = of(&scoring, NICE);
    assert!(score.criteria.iter().all(|criterion| criterion.mark == Some(50.0)));
    assert_eq!((score.indices[0].score, rank(&score, "stratum")), (Some(50.0), (Some(1), Some(1))));
    assert_eq!(codes(&score), ["alone:metropoles"]);
}

/// Rule: where a class has fewer eligible accounts than the document's minimum it is set against a larger
/// group, is flagged, and is still ranked in its own (`instagram@2026.11`, strata, minimum size).
#[test]
fn a_class_that_is_too_small_is_set_against_a_larger_one() {
    let score = in_france(NICE);
    let instagram = part(&score, "instagram");
    assert!(codes(instagram).contains(&"fallback:metropoles".to_owned()), "{:?}", codes(instagram));
    assert_eq!(rank(instagram, "stratum"), (Some(1), Some(1)));
    assert_eq!(rank(&score, "stratum"), (Some(1), Some(1)));
}

/// Rule: who is on no network has no score and is not ranked; it is not last (`territoires@2026.11`, index,
/// missing).
#[test]
fn a_territory_on_no_network() {
    let score = in_france("01001");
    assert_eq!((score.stratum.as_deref(), score.indices[0].score, score.grade.clone()), (Some("villages"), None, None));
    assert_eq!(score.indices[0].state, "refused");
    assert!(score.ranks.iter().all(|rank| rank.rank.is_none()));
    assert!(score.parts.iter().all(|part| part.territory.indices[0].state == "absent"));
    let absent = |network: &str| codes(&score).contains(&format!("absent:{network}"));
    assert!(["facebook", "instagram", "linkedin", "youtube", "x", "tiktok"].into_iter().all(absent));
}

/// Rule: an account that posted nothing in the period is not eligible; it is worth an absence, enters no
/// statistics, and is flagged with the rule that it does not satisfy (`facebook@2026.11`, eligibility).
#[test]
fn an_account_that_never_posted() {
    // Its only account: no score.
    let dormant = in_france("06100");
    assert_eq!((dormant.indices[0].score, dormant.indices[0].state), (None, "refused"));
    let facebook = part(&dormant, "facebook");
    assert_eq!(
        (facebook.indices[0].state, codes(facebook)),
        ("ineligible", vec!["ineligible:has-posted".to_owned(), "fallback:villages".to_owned()])
    );
    assert!(facebook.criteria.iter().all(|criterion| criterion.raw.is_none() && criterion.mark.is_none()));
    // One of two: the other makes the score, and the dormant one counts 0 among the expected networks, as
    // an absence does.
    let half = in_france("25100");
    assert_eq!(part(&half, "instagram").indices[0].state, "ineligible");
    let facebook = part(&half, "facebook").indices[0].score.unwrap();
    let expected = half.indices.iter().find(|index| index.id == "expected").unwrap();
    // A village is expected on Facebook for 8 and on Instagram for 2.
    assert_eq!(expected.weights, [0.8, 0.2, 0.0, 0.0]);
    assert!((expected.score.unwrap() - 0.8 * facebook).abs() < 1e-9);
}

/// All of it alone, against the reference: the same bits.
#[test]
fn the_same_alone_against_the_reference() {
    let reference = ALL_NETWORKS.reference().unwrap();
    for id in ["55189", "01001", "06100", "25100", "11100", NICE, "06083", "98412"] {
        let place = ALL_NETWORKS.cohort().ids().iter().position(|known| known == id).unwrap();
        let alone = reference.score_in(ALL_NETWORKS.cohort(), place).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(alone, in_france(id));
    }
}
