//! Depths 2 and 3: are the scores those that the reference gives, and those that the cohort gives?

use std::collections::HashSet;

use super::body::Published;
use super::difference::{Difference, differences, of_reference, of_result, parsed};
use super::document::Inputs;
use super::report::{CheckName, Disagreement, Shown, Step};
use super::row::{Row, result};
use super::verify::{Verifier, cohort_text, text};
use super::write::{Parts, record, vintages};
use crate::Cohort;
use crate::cohort::PeriodRecord;
use crate::document::{Digest, Json, canonical};
use crate::error::{Fault, Faults, Place, Text};

impl Verifier<'_> {
    pub(super) fn recompute(&mut self) -> Result<(), Faults> {
        let body = self.subject.body();
        let scoring = self.scoring.take();
        let expected = scoring.as_ref().map(|scoring| Parts::of(scoring, body.head.inputs)).transpose()?;
        self.scores(expected.as_ref())?;
        if let Some((scoring, expected)) = scoring.zip(expected) {
            self.depth = 3;
            self.compare_reference(&expected.reference);
            self.full(scoring.cohort(), &expected);
        } else {
            let (fr, en) = if body.head.inputs == Inputs::Included && !self.sound {
                ("les données sont refusées", "the inputs are refused")
            } else {
                ("il faudrait la cohorte", "the cohort is needed")
            };
            self.findings.skip(CheckName::Reference, fr, en);
            self.findings.skip(CheckName::Full, fr, en);
        }
        Ok(())
    }

    /// Depth 2: every row, from its inputs against the reference.
    fn scores(&mut self, expected: Option<&Parts>) -> Result<(), Faults> {
        let body = self.subject.body();
        if !self.sound {
            let (fr, en) = if body.head.inputs == Inputs::Included {
                ("les données sont refusées", "the inputs are refused")
            } else {
                ("les données ne sont pas jointes", "the inputs are not included")
            };
            self.findings.skip(CheckName::Scores, fr, en);
            return Ok(());
        }
        // What a cohort gives is what its reference gives: its rows are scored already.
        let known =
            expected.filter(|parts| self.options.cohort.is_none() && body.reference.as_ref() == Some(&parts.reference));
        if let Some(parts) = known {
            self.begin_scores();
            let known = parts.by_id();
            for (place, row) in self.subject.rows().iter().enumerate() {
                if let Some(expected) = known.get(row.id.as_str()) {
                    self.compare_result(place, row, &expected.result, 2);
                }
            }
            self.end_scores();
            return Ok(());
        }
        let given = self.reference.clone();
        let reference = match (body.reference_read()?, given) {
            (Some(reference), _) => reference,
            (None, Some(given)) if given.digest() == body.head.reference_sha256 => given,
            (None, given) => {
                let (fr, en) = if given.is_some() {
                    ("la référence donnée n'est pas celle de l'en-tête", "the reference given is not that of the head")
                } else {
                    ("la référence n'est pas jointe : il faudrait la donner", "the reference is not included: give it")
                };
                self.findings.skip(CheckName::Scores, fr, en);
                return Ok(());
            }
        };
        if record(reference.period()) != body.head.period {
            let (fr, en) = ("la référence est d'une autre période", "the reference is of another period");
            self.findings.skip(CheckName::Scores, fr, en);
            return Ok(());
        }
        self.begin_scores();
        for (place, row) in self.subject.rows().iter().enumerate() {
            let alone = cohort_text(body, std::slice::from_ref(row));
            let cohort = Cohort::from_json(alone.as_bytes())?;
            let score = reference.score_in(&cohort, 0)?;
            let expected = canonical::text(&Json::Object(result(&score, body.head.inputs)));
            self.compare_result(place, row, &expected, 2);
        }
        self.end_scores();
        Ok(())
    }

    fn begin_scores(&mut self) {
        self.depth = 2;
        self.findings.begin();
    }

    fn end_scores(&mut self) {
        self.findings.end(CheckName::Scores, self.subject.rows().len());
    }

    /// Says where the inputs are such that no cohort can be made of them.
    pub(super) fn refused(&mut self, faults: &Faults) {
        for fault in faults {
            let (pointer, territory) = self.placed(fault);
            let pair = (Some(Shown::text(&fault.expected.en)), Some(Shown::text(&fault.value)));
            let words = Text::new(
                format!("{}: {}", fault.code, fault.code.meaning().fr),
                format!("{}: {}", fault.code, fault.code.meaning().en),
            );
            self.findings.metric(pointer, territory.as_deref(), 1, pair, words);
        }
    }

    /// Where a place of the cohort stands in the rows, and whose it is.
    fn placed(&self, fault: &Fault) -> (String, Option<String>) {
        let rows = self.subject.rows();
        let Place::Pointer(pointer) = &fault.place else { return (String::new(), None) };
        let split = |list: &str| {
            let rest = pointer.strip_prefix(list)?.strip_prefix('/')?;
            let (index, rest) = rest.split_once('/').map_or((rest, ""), |(index, rest)| (index, rest));
            Some((index.parse::<usize>().ok()?, rest.to_owned()))
        };
        let join = |place: usize, member: &str, rest: &str| {
            let own = self.subject.pointer(place);
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
            "" => String::new(),
            _ => self.list(),
        };
        (pointer, None)
    }

    /// The pointer of the rows.
    fn list(&self) -> String {
        match self.subject {
            Published::Publication(_) => "/rows".to_owned(),
            Published::Receipt(_) => "/row".to_owned(),
        }
    }

    /// Compares everything with what the cohort gives.
    fn full(&mut self, cohort: &Cohort, expected: &Parts) {
        self.findings.begin();
        if self.options.cohort.is_some() {
            self.compare_head(cohort, expected);
        }
        let known = expected.by_id();
        let rows = self.subject.rows();
        for (place, row) in rows.iter().enumerate() {
            let pointer = self.subject.pointer(place);
            let Some(expected) = known.get(row.id.as_str()) else {
                let words = text("ce territoire n'est pas dans la cohorte", "this territory is not in the cohort");
                self.findings.metric(format!("{pointer}/territory/id"), Some(&row.id), 3, (None, None), words);
                continue;
            };
            if !self.compare_inputs(place, row, expected) {
                self.compare_result(place, row, &expected.result, 3);
            }
        }
        if let Published::Publication(publication) = self.subject {
            let published: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
            for row in expected.rows.iter().filter(|row| !published.contains(row.id.as_str())) {
                let words =
                    text("ce territoire de la cohorte n'a pas de ligne", "this territory of the cohort has no row");
                self.findings.metric("/rows", Some(&row.id), 3, (None, None), words);
            }
            self.compare_roll_ups(publication.roll_ups.as_deref(), expected.roll_ups.as_deref());
        }
        self.findings.end(CheckName::Full, rows.len());
    }

    /// Compares what the head says of the cohort with the one that is given.
    fn compare_head(&mut self, cohort: &Cohort, expected: &Parts) {
        let head = &self.subject.body().head;
        let period = |period: Option<&PeriodRecord>| {
            period.map(|period| format!("{} – {}", period.from, period.to)).unwrap_or_default()
        };
        let (own, before) = (record(cohort.period()), record(cohort.previous_period()));
        let list = |list: Option<&Vec<String>>| list.cloned().unwrap_or_default().join(", ");
        let members = [
            ("cohort_sha256", cohort.digest().to_string(), head.cohort_sha256.to_string()),
            ("period", period(own.as_ref()), period(head.period.as_ref())),
            ("previous_period", period(before.as_ref()), period(head.previous_period.as_ref())),
            ("population_vintages", list(vintages(&expected.rows).as_ref()), list(head.population_vintages.as_ref())),
            ("synthetic", cohort.is_synthetic().to_string(), head.synthetic.unwrap_or_default().to_string()),
        ];
        for (member, expected, found) in members {
            if expected != found {
                let pair = (Some(Shown::text(expected)), Some(Shown::text(found)));
                let words = text("ce n'est pas la cohorte donnée", "this is not the cohort that was given");
                self.findings.metric(format!("/head/{member}"), None, 3, pair, words);
            }
        }
    }

    /// Compares the reference with the one that the cohort gives.
    fn compare_reference(&mut self, expected: &str) {
        let body = self.subject.body();
        self.findings.begin();
        match &body.reference {
            Some(found) if found == expected => {}
            Some(found) => {
                let read = |text: &str| parsed(text).unwrap_or(Json::Null);
                let all = differences(&read(expected), &read(found));
                let steps = all.iter().filter_map(|difference| Some((of_reference(&difference.path)?, difference)));
                if let Some((step, first)) = steps.min_by_key(|(step, _)| *step) {
                    self.disagree("/reference", None, step, 3, first, 0);
                }
            }
            None => {
                let digest = Digest::of_bytes(expected.as_bytes());
                if digest != body.head.reference_sha256 {
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
            }
        }
        self.findings.end(CheckName::Reference, 1);
    }

    /// Compares the scores of groups, where there should be some and are: the first place of each roll-up.
    fn compare_roll_ups(&mut self, found: Option<&str>, expected: Option<&str>) {
        let Some((found, expected)) = found.zip(expected).filter(|(found, expected)| found != expected) else {
            return;
        };
        let read = |text: &str| parsed(text).unwrap_or(Json::Null);
        let mut told: Option<String> = None;
        for difference in differences(&read(expected), &read(found)) {
            let of = difference.path.first().cloned();
            if of != told {
                self.disagree("/roll_ups", None, Step::RollUp, 3, &difference, 0);
                told = of;
            }
        }
    }

    /// Compares the inputs of a row with those of the cohort; does anything differ?
    fn compare_inputs(&mut self, place: usize, row: &Row, expected: &Row) -> bool {
        if row.territory == expected.territory
            && row.accounts == expected.accounts
            && row.previous == expected.previous
            && row.inputs == expected.inputs
        {
            return false;
        }
        let read = |row: &Row| {
            let mut json = parsed(&row.text(false)).unwrap_or(Json::Null);
            if let Json::Object(members) = &mut json {
                let inputs = ["accounts", "inputs_sha256", "previous", "territory"];
                members.retain(|(name, _)| inputs.contains(&name.as_str()));
            }
            json
        };
        let all = differences(&read(expected), &read(row));
        if let Some(first) = all.first() {
            let following = (all.len() as u64).saturating_sub(1);
            self.disagree(&self.subject.pointer(place), Some(&row.id), Step::Metric, 3, first, following);
        }
        true
    }

    /// Compares the result of a row with the one that it should be: tells the first step that differs.
    fn compare_result(&mut self, place: usize, row: &Row, expected: &str, depth: u8) {
        if row.result == expected {
            return;
        }
        let read = |text: &str| parsed(text).unwrap_or(Json::Null);
        let all = differences(&read(expected), &read(&row.result));
        let Some(first) = all.iter().min_by_key(|difference| of_result(&difference.path)) else { return };
        let following = (all.len() as u64).saturating_sub(1);
        let (step, _) = of_result(&first.path);
        let pointer = format!("{}/result", self.subject.pointer(place));
        self.disagree(&pointer, Some(&row.id), step, depth, first, following);
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
