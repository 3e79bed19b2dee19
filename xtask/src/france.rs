//! A cohort of all of France: the real register of territories, with synthetic accounts.
//!
//! Nobody published the metrics of 36,366 territories, so they are drawn here, by whole numbers alone
//! and from a fixed seed: every machine writes the same bytes. What is real and what is not is told
//! in `examples/france-2026/README.md`; the file's name says `synthetic`.

use crate::Outcome;
use crate::files::{read, root, shown, write};

/// The seed of the accounts that everything written about this cohort is about.
pub(crate) const SEED: u64 = 1;

/// Out of a thousand territories of each class, how many are on each network. An assumption, of the
/// order that the sources report: nearly all large bodies, few villages.
const PRESENCE: &[(&str, [u64; 6])] = &[
    ("village", [180, 10, 5, 15, 2, 40]),
    ("petite_ville", [800, 120, 150, 200, 15, 450]),
    ("ville_moyenne", [990, 700, 750, 600, 120, 960]),
    ("grande_ville", [1000, 1000, 1000, 1000, 500, 1000]),
    ("communaute_de_communes", [650, 80, 250, 150, 10, 220]),
    ("communaute_agglomeration", [930, 500, 850, 500, 40, 700]),
    ("communaute_urbaine", [1000, 900, 1000, 800, 150, 950]),
    ("metropole", [1000, 1000, 1000, 1000, 400, 1000]),
    ("etablissement_public_territorial", [900, 700, 1000, 400, 50, 650]),
    ("departement", [990, 950, 970, 900, 250, 980]),
    ("region", [1000, 1000, 1000, 1000, 500, 1000]),
];

/// The networks, in the order of [`PRESENCE`], each with the audience that it draws, out of a thousand
/// followers of a Facebook page of the same body.
const NETWORKS: &[(&str, u64)] =
    &[("facebook", 1000), ("x", 250), ("linkedin", 300), ("youtube", 60), ("tiktok", 200), ("instagram", 450)];

const HEADER: &str = "territory,name,structure_type,population,population_vintage,department,region,synthetic,from,to,network,\
                      followers,following,posts,likes,comments,shares,views\n";

/// Writes `examples/france-2026/cohort-synthetic.csv`.
pub(crate) fn run(seed: u64) -> Outcome {
    let folder = root().join("examples/france-2026");
    let register = read(&folder.join("territories-2026.csv"))?;
    let mut out = String::from(HEADER);
    for line in register.lines().skip(1) {
        let cells = cells(line);
        let [territory, _siren, name, kind, population, department, region] = cells.as_slice() else {
            return Err(format!("the register has a row of {} cells: {line}", cells.len()));
        };
        let mut draw = Draw::of(seed, territory);
        let inhabitants: u64 = population.parse().unwrap_or(0);
        let class = class(kind, inhabitants);
        let Some((_, presence)) = PRESENCE.iter().find(|(known, _)| *known == class) else {
            return Err(format!("no presence is assumed for {class}"));
        };
        let body = format!(
            "{territory},{},{kind},{population},2026,{department},{region},yes,2026-10-01,2026-10-31",
            quoted(name)
        );
        let mut alone = true;
        for ((network, audience), chance) in NETWORKS.iter().zip(presence) {
            if draw.below(1000) < *chance {
                alone = false;
                account(&mut out, &body, network, *audience, inhabitants, &mut draw);
            }
        }
        if alone {
            // On no network: an empty network cell.
            out.extend([body.as_str(), ",,,,,,,,\n"]);
        }
    }
    let path = folder.join("cohort-synthetic.csv");
    write(&path, &out)?;
    println!("{}: {} rows, synthetic metrics", shown(&path), out.lines().count().saturating_sub(1));
    Ok(())
}

/// One account: a skewed audience, activity from dormant to several posts a day, reactions that grow
/// more slowly than the audience.
fn account(out: &mut String, body: &str, network: &str, audience: u64, inhabitants: u64, draw: &mut Draw) {
    // From nearly nothing to two thirds of the inhabitants, mostly little.
    let reach = draw.below(816) * draw.below(816);
    let followers = (inhabitants.saturating_add(200) * reach / 1_000_000) * audience / 1000 + draw.below(40);
    let posts = match draw.below(100) {
        0..8 => 0,
        8..60 => 1 + draw.below(12),
        60..95 => 8 + draw.below(30),
        _ => 30 + draw.below(120),
    };
    // Per thousand followers and post: large audiences react less.
    let rate = 4 + draw.below(40) * 2000 / (2000 + followers / 5);
    let likes = followers * posts * rate / 1000 + draw.below(posts + 1);
    let comments = likes * draw.below(120) / 1000;
    let shares = likes * draw.below(150) / 1000;
    let views = (followers / 3 + draw.below(50)) * posts;
    let following = 20 + draw.below(900);
    // One account in fifty hides a number.
    let shown = |value: u64, draw: &mut Draw| if draw.below(50) == 0 { String::new() } else { value.to_string() };
    let mut cells = Vec::new();
    for (metric, value) in [("likes", likes), ("comments", comments), ("shares", shares), ("views", views)] {
        let hidden = matches!(
            (network, metric),
            ("instagram", "shares" | "views") | ("facebook" | "linkedin" | "x", "views") | ("youtube", "shares")
        );
        cells.push(if hidden { String::new() } else { shown(value, draw) });
    }
    let following = if matches!(network, "instagram" | "x" | "tiktok") { following.to_string() } else { String::new() };
    let row = format!("{body},{network},{followers},{following},{posts},{}\n", cells.join(","));
    out.push_str(&row);
}

/// The class by which presence is assumed.
fn class(kind: &str, inhabitants: u64) -> &str {
    match (kind, inhabitants) {
        ("commune", 0..2_000) => "village",
        ("commune", 2_000..20_000) => "petite_ville",
        ("commune", 20_000..100_000) => "ville_moyenne",
        ("commune", _) => "grande_ville",
        _ => kind,
    }
}

/// The cells of a CSV line whose quotes, if any, hold no line break.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut inside = false;
    for c in line.chars() {
        match (c, inside) {
            ('"', _) => inside = !inside,
            (',', false) => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    cells
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

/// Whole numbers drawn from a seed: `SplitMix64` (Steele, Lea and Flood, 2014).
struct Draw(u64);

impl Draw {
    /// The draws of one territory, whatever comes before it in the register.
    fn of(seed: u64, territory: &str) -> Self {
        let mixed =
            territory.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self(mixed)
    }

    /// A number from 0 to `end`, excluded; 0 when there is none.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        u64::try_from((u128::from(z) * u128::from(end)) >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_splitmix64() {
        // The first outputs for seed 1234567, as other implementations give them.
        let mut draw = Draw(1_234_567);
        let bits: Vec<u64> = (0..3).map(|_| draw.below(1 << 32)).collect();
        assert_eq!(
            bits,
            [6_457_827_717_110_365_317_u64 >> 32, 3_203_168_211_198_807_973 >> 32, 9_817_491_932_198_370_423 >> 32]
        );
    }

    #[test]
    fn quoted_cells_are_read_and_written() {
        assert_eq!(cells("1,,\"CC Avallon, Vézelay\",x"), ["1", "", "CC Avallon, Vézelay", "x"]);
        assert_eq!(quoted("a, b"), "\"a, b\"");
    }
}
