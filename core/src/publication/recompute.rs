//! Depths 2 and 3: are the scores those that the reference gives, and those that the cohort gives?

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::body::{Published, inside};
use super::difference::{Difference, differences, of_reference, of_row, parsed};
use super::document::Inputs;
use super::report::{CheckName, Disagreement, Findings, Shown, Step};
use super::row::{Row, result};
use super::verify::{Verifier, cohort_text, text};
use super::write::Parts;
use crate::document::{Digest, Json, canonical};
use crate::error::{Fault, Faults, Place, Text};
use crate::scoring::Reference;
use crate::{Cohort, Scoring};

/// How many rows are recomputed one by one from a reference that is not the cohort's.
const FROM_REFERENCE: usize = 1_000;

impl Verifier<'_> {
    pub(super) fn recompute(&mut self) -> Result<(), Faults> {
        let body = self.subject.body();
        let rows = self.subject.rows();
        if let Some(cohort) = &self.options.cohort {
            let scoring = body.root.score(Arc::clone(cohort))?;
            let metric = |findings: &mut Findings, member: &str, expected: String, found: String| {
                if expected != found {
                    let pair = (Some(Shown::text(expected)), Some(Shown::text(found)));
                    findings.push(Disagreement {
                        step: Step::Metric,
                        pointer: format!("/head/{member}"),
                        territory: None,
                        depth: 3,
                        expected: pair.0,
                        found: pair.1,
                        following: 0,
                        text: text("ce n'est pas la cohorte donnée", "this is not the cohort that was given"),
                    });
                }
            };
            let found = body.head.cohort_sha256.to_string();
            metric(&mut self.findings, "cohort_sha256", cohort.digest().to_string(), found);
            return self.full(&scoring);
        }
        if body.head.inputs == Inputs::Digest {
            for check in [CheckName::Scores, CheckName::Reference, CheckName::Full] {
                let (fr, en) = ("il faudrait la cohorte", "the cohort is needed");
                self.findings.skip(check, fr, en);
            }
            return Ok(());
        }
        if let Published::Receipt(_) = self.subject {
            for check in [CheckName::Reference, CheckName::Full] {
                let (fr, en) = ("il faudrait la cohorte", "the cohort is needed");
                self.findings.skip(check, fr, en);
            }
            return self.alone();
        }
        let scored = Cohort::from_json(cohort_text(body, rows).as_bytes()).and_then(|cohort| body.root.score(cohort));
        match scored {
            Ok(scoring) => self.full(&scoring),
            Err(faults) => {
                self.refused(&faults, 0);
                for check in [CheckName::Scores, CheckName::Reference, CheckName::Full] {
                    let (fr, en) = ("les données sont refusées", "the inputs are refused");
                    self.findings.skip(check, fr, en);
                }
                Ok(())
            }
        }
    }

    /// Says where the inputs are such that no cohort can be made of them: of the rows from `first`.
    fn refused(&mut self, faults: &Faults, first: usize) {
        for fault in faults {
            let (pointer, territory) = self.placed(fault, first);
            self.findings.push(Disagreement {
                step: Step::Metric,
                pointer,
                territory,
                depth: 2,
                expected: Some(Shown::text(&fault.expected.en)),
                found: Some(Shown::text(&fault.value)),
                following: 0,
                text: Text::new(
                    format!("{}: {}", fault.code, fault.code.meaning().fr),
                    format!("{}: {}", fault.code, fault.code.meaning().en),
                ),
            });
        }
    }

    /// Where a place of the cohort stands in the rows, and whose it is.
    fn placed(&self, fault: &Fault, first: usize) -> (String, Option<String>) {
        let rows = self.subject.rows().get(first..).unwrap_or_default();
        let Place::Pointer(pointer) = &fault.place else { return (String::new(), None) };
        let split = |list: &str| {
            let rest = pointer.strip_prefix(list)?.strip_prefix('/')?;
            let (index, rest) = rest.split_once('/').map_or((rest, ""), |(index, rest)| (index, rest));
            Some((index.parse::<usize>().ok()?, rest.to_owned()))
        };
        let join = |place: usize, member: &str, rest: &str| {
            let own = self.subject.pointer(place.saturating_add(first));
            let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
            (format!("{own}/{member}{rest}"), rows.get(place).map(|row| row.id.clone()))
        };
        if let Some((place, rest)) = split("/territories") {
            return join(place, "territory", &rest);
        }
        for (list, member) in [("/accounts", "accounts"), ("/previous/accounts", "previous")] {
            let Some((mut index, rest)) = split(list) else { continue };
            for (place, row) in rows.iter().enumerate() {
                let own = if member == "accounts" { &row.accounts } else { &row.previous };
                let count = own.as_ref().map_or(0, |(_, count)| *count);
                if index < count {
                    return join(place, &format!("{member}/{index}"), &rest);
                }
                index = index.saturating_sub(count);
            }
        }
        let pointer = match pointer.as_str() {
            place if place.starts_with("/period") => format!("/head{place}"),
            place if place.starts_with("/previous/period") => {
                place.replacen("/previous/period", "/head/previous_period", 1)
            }
            _ => "/rows".to_owned(),
        };
        (pointer, None)
    }

    /// Compares everything with what the cohort gives.
    fn full(&mut self, scoring: &Scoring) -> Result<(), Faults> {
        self.depth = 3;
        let body = self.subject.body();
        let expected = Parts::of(scoring, body.head.inputs)?;
        let same_reference = self.compare_reference(&expected.reference);
        self.findings.begin();
        let known: HashMap<&str, &Row> = expected.rows.iter().map(|row| (row.id.as_str(), row)).collect();
        let mut differing = Vec::new();
        let rows = self.subject.rows();
        for (place, row) in rows.iter().enumerate() {
            let Some(expected) = known.get(row.id.as_str()) else {
                let words = text("ce territoire n'est pas dans la cohorte", "this territory is not in the cohort");
                self.stranger(self.subject.pointer(place), &row.id, words);
                continue;
            };
            if self.compare_row(place, row, expected, 3) {
                differing.push(place);
            }
        }
        if let Published::Publication(publication) = self.subject {
            let published: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
            for row in expected.rows.iter().filter(|row| !published.contains(row.id.as_str())) {
                let words =
                    text("ce territoire de la cohorte n'a pas de ligne", "this territory of the cohort has no row");
                self.stranger("/rows".to_owned(), &row.id, words);
            }
            self.compare_roll_ups(publication.roll_ups.as_deref(), expected.roll_ups.as_deref());
        }
        self.findings.end(CheckName::Full, rows.len());
        if same_reference {
            // What the cohort gives is then what the reference gives.
            self.findings.end(CheckName::Scores, rows.len());
            return Ok(());
        }
        if body.reference.is_none() || body.head.inputs == Inputs::Digest {
            let (fr, en) = ("la référence n'est pas jointe", "the reference is not included");
            self.findings.skip(CheckName::Scores, fr, en);
            return Ok(());
        }
        // Of the rows that differ, do they follow from the reference as it is published?
        differing.truncate(FROM_REFERENCE);
        self.by_reference(&differing)
    }

    fn stranger(&mut self, pointer: String, id: &str, text: Text) {
        self.findings.push(Disagreement {
            step: Step::Metric,
            pointer,
            territory: Some(id.to_owned()),
            depth: 3,
            expected: None,
            found: None,
            following: 0,
            text,
        });
    }

    /// Compares the reference with the one that the cohort gives; are they the same?
    fn compare_reference(&mut self, expected: &str) -> bool {
        let body = self.subject.body();
        self.findings.begin();
        let same = match &body.reference {
            Some(found) if found == expected => true,
            Some(found) => {
                if let (Some(expected), Some(found)) = (parsed(expected), parsed(found)) {
                    for difference in differences(&expected, &found) {
                        let step = of_reference(&difference.path);
                        self.disagree("/reference", None, step, 3, &difference, 0);
                    }
                }
                false
            }
            None => {
                let digest = Digest::of_bytes(expected.as_bytes());
                let same = digest == body.head.reference_sha256;
                if !same {
                    let pair = (Some(Shown::text(digest)), Some(Shown::text(body.head.reference_sha256)));
                    self.findings.push(Disagreement {
                        step: Step::Bound,
                        pointer: "/head/reference_sha256".to_owned(),
                        territory: None,
                        depth: 3,
                        expected: pair.0,
                        found: pair.1,
                        following: 0,
                        text: words(Step::Bound, 3),
                    });
                }
                same
            }
        };
        self.findings.end(CheckName::Reference, 1);
        same
    }

    fn compare_roll_ups(&mut self, found: Option<&str>, expected: Option<&str>) {
        if found == expected {
            return;
        }
        let read = |text: Option<&str>| text.and_then(parsed).unwrap_or(Json::Null);
        for difference in differences(&read(expected), &read(found)) {
            self.disagree("/roll_ups", None, Step::RollUp, 3, &difference, 0);
        }
    }

    /// Compares a row with the one that there should be; does anything differ?
    fn compare_row(&mut self, place: usize, row: &Row, expected: &Row, depth: u8) -> bool {
        let same = row.territory == expected.territory
            && row.accounts == expected.accounts
            && row.previous == expected.previous
            && row.inputs == expected.inputs
            && row.result == expected.result;
        if same {
            return false;
        }
        // Status and method have been compared, and the digest follows.
        let read = |row: &Row| {
            let mut json = parsed(&row.text(false)).unwrap_or(Json::Null);
            if let Json::Object(members) = &mut json {
                members.retain(|(name, _)| !matches!(name.as_str(), "status" | "method_sha256" | "synthetic"));
            }
            json
        };
        self.first_of(place, row, &read(expected), &read(row), depth)
    }

    /// Reports the first step of a row that differs.
    fn first_of(&mut self, place: usize, row: &Row, expected: &Json, found: &Json, depth: u8) -> bool {
        let all = differences(expected, found);
        let first = all.iter().min_by_key(|difference| of_row(&difference.path));
        let Some(first) = first else { return false };
        let following = (all.len() as u64).saturating_sub(1);
        let (step, _) = of_row(&first.path);
        self.disagree(&self.subject.pointer(place), Some(&row.id), step, depth, first, following);
        true
    }

    fn disagree(
        &mut self,
        pointer: &str,
        territory: Option<&str>,
        step: Step,
        depth: u8,
        difference: &Difference,
        following: u64,
    ) {
        self.findings.push(Disagreement {
            step,
            pointer: format!("{pointer}{}", difference.pointer()),
            territory: territory.map(str::to_owned),
            depth,
            expected: difference.expected.as_ref().map(Shown::json),
            found: difference.found.as_ref().map(Shown::json),
            following,
            text: words(step, depth),
        });
    }

    /// Recomputes a receipt from its inputs and the reference.
    fn alone(&mut self) -> Result<(), Faults> {
        if self.body().reference.is_none() && self.options.reference.is_none() {
            let (fr, en) =
                ("la référence n'est pas jointe : il faudrait la donner", "the reference is not included: give it");
            self.findings.skip(CheckName::Scores, fr, en);
            return Ok(());
        }
        self.depth = 2;
        self.by_reference(&[0])
    }

    /// Recomputes some rows from their inputs and the reference.
    fn by_reference(&mut self, places: &[usize]) -> Result<(), Faults> {
        let body = self.subject.body();
        let reference = match (&body.reference, &self.options.reference) {
            (Some(reference), _) => Reference::from_json(reference.as_bytes(), &body.root),
            (None, Some(given)) => Reference::from_json(given, &body.root),
            (None, None) => return Ok(()),
        };
        let reference = reference.map_err(|own| {
            let mut faults = Faults::new();
            inside(&own, if body.reference.is_some() { "/reference" } else { "" }, &mut faults);
            faults
        })?;
        self.findings.begin();
        if body.reference.is_none() {
            let words =
                text("la référence donnée n'est pas celle de l'en-tête", "the reference given is not that of the head");
            self.findings.same("/head/reference_sha256", reference.digest(), body.head.reference_sha256, words);
        }
        for place in places {
            let Some(row) = self.subject.rows().get(*place) else { continue };
            let alone = cohort_text(body, std::slice::from_ref(row));
            let score = Cohort::from_json(alone.as_bytes()).and_then(|cohort| reference.score_in(&cohort, 0));
            match score {
                Ok(score) => {
                    let expected =
                        Json::Object(vec![("result".to_owned(), Json::Object(result(&score, body.head.inputs)))]);
                    if canonical::text(&expected) != format!("{{\"result\":{}}}", row.result) {
                        let found = parsed(&row.result).unwrap_or(Json::Null);
                        let found = Json::Object(vec![("result".to_owned(), found)]);
                        self.first_of(*place, row, &expected, &found, 2);
                    }
                }
                Err(faults) => self.refused(&faults, *place),
            }
        }
        self.findings.end(CheckName::Scores, places.len());
        Ok(())
    }
}

fn words(step: Step, depth: u8) -> Text {
    let name = step.text();
    let (fr, en) = match depth {
        2 => ("d'après les données et la référence", "from the inputs and the reference"),
        _ => ("d'après la cohorte", "from the cohort"),
    };
    Text::new(
        format!("{} n'est pas ce que donne le calcul {fr}", name.fr),
        format!("{} is not what the computation gives {en}", name.en),
    )
}
