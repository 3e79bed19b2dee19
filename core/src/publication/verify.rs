//! Verification, at three depths: integrity, recomputation from the reference, and from the cohort.

use std::collections::HashMap;
use std::sync::Arc;

use super::body::{Body, Published, inside};
use super::difference::{Difference, differences, of_reference, of_row, parsed};
use super::document::{Inputs, MethodologyName, Signature};
use super::merkle;
use super::report::{About, CheckName, Disagreement, Findings, Report, Shown, SignatureReport, Step};
use super::row::{Row, result};
use super::signature::PublicKey;
use super::write::{Parts, digests, names, vintages};
use crate::cohort::{Account, AccountRecord, Quantity, StratumOverride, Territory, TerritoryRecord};
use crate::document::record::{At, FromJson};
use crate::document::{Digest, Json, canonical};
use crate::error::{Fault, Faults, Place, Text};
use crate::exact::Decimal;
use crate::methodology::catalogue;
use crate::scoring::Reference;
use crate::{Cohort, Methodology, Scoring};

/// What a verifier brings along.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// The cohort, for a full recomputation; a publication that includes its inputs gives its own.
    pub cohort: Option<Arc<Cohort>>,
    /// The reference document, for a receipt that does not carry it.
    pub reference: Option<Vec<u8>>,
    /// The keys that may have signed. When there are any, a publication must be signed by one of them.
    pub keys: Vec<PublicKey>,
    /// Methodologies that are known besides those that this package embeds: another document of the same
    /// id and version is a disagreement.
    pub known: Vec<Methodology>,
    /// How many disagreements to report; all are counted.
    pub disagreements: usize,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self { cohort: None, reference: None, keys: Vec::new(), known: Vec::new(), disagreements: 100 }
    }
}

/// Verifies a publication or a receipt as deeply as it can be.
///
/// # Errors
/// The faults of a document that cannot be read, of the cohort under its methodology, or of the
/// reference. That something does not agree is no error: the report says it.
pub fn verify(document: &[u8], options: &VerifyOptions) -> Result<Report, Faults> {
    Published::from_json(document)?.verify(options)
}

impl Published {
    /// Verifies it as deeply as it can be.
    ///
    /// # Errors
    /// The faults of the cohort or of the reference that are given.
    pub fn verify(&self, options: &VerifyOptions) -> Result<Report, Faults> {
        let mut verifier = Verifier { subject: self, options, findings: Findings::default(), depth: 1 };
        let signature = verifier.integrity();
        verifier.recompute()?;
        let body = self.body();
        let (of, territory) = match self {
            Self::Publication(_) => ("publication", None),
            Self::Receipt(receipt) => ("receipt", Some(receipt.row.id.clone())),
        };
        let about = About {
            of,
            sha256: body.digest(),
            methodology: body.head.methodology.clone(),
            territory,
            inputs: body.head.inputs,
            depth: verifier.depth,
            canonical: body.canonical,
            signature,
        };
        Ok(verifier.findings.report(about, options.disagreements))
    }

    /// The rows that are there, and the pointer of each.
    fn rows(&self) -> &[Row] {
        match self {
            Self::Publication(publication) => &publication.rows,
            Self::Receipt(receipt) => std::slice::from_ref(&receipt.row),
        }
    }

    fn pointer(&self, place: usize) -> String {
        match self {
            Self::Publication(_) => format!("/rows/{place}"),
            Self::Receipt(_) => "/row".to_owned(),
        }
    }
}

struct Verifier<'a> {
    subject: &'a Published,
    options: &'a VerifyOptions,
    findings: Findings,
    depth: u8,
}

fn text(fr: &str, en: &str) -> Text {
    Text::new(fr, en)
}

impl Verifier<'_> {
    fn body(&self) -> &Body {
        self.subject.body()
    }

    // Depth 1.

    fn integrity(&mut self) -> Option<SignatureReport> {
        let body = self.subject.body();
        self.findings.begin();
        self.findings.same(
            "/sha256",
            body.digest(),
            body.stated,
            text(
                "l'en-tête n'a pas cette empreinte : l'un des deux a été modifié",
                "the head does not have this digest: one of the two was altered",
            ),
        );
        self.findings.end(CheckName::Head, 1);
        let signature = self.signature();
        self.methodologies();
        self.known_methodologies();
        self.reference_digest();
        self.roll_ups_digest();
        self.rows();
        self.root();
        self.cohort();
        signature
    }

    fn signature(&mut self) -> Option<SignatureReport> {
        let body = self.subject.body();
        let keys = &self.options.keys;
        let Some(signature) = &body.envelope.signature else {
            if keys.is_empty() {
                self.findings.skip(CheckName::Signature, "il n'y en a pas", "there is none");
            } else {
                self.findings.begin();
                let missing =
                    text("rien ne dit qui a publié : la signature manque", "nothing says who published: no signature");
                self.findings.broken("/envelope", None, (None, None), missing);
                self.findings.end(CheckName::Signature, 1);
            }
            return None;
        };
        self.findings.begin();
        let valid = self.signed(signature);
        let known = (!keys.is_empty()).then(|| keys.contains(&signature.key()));
        if known == Some(false) {
            let expected = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let pair = (Some(Shown::text(expected)), Some(Shown::text(signature.key())));
            let other =
                text("signé par une autre clé que celles données", "signed by a key that is none of those given");
            self.findings.broken("/envelope/signature/public_key", None, pair, other);
        }
        self.findings.end(CheckName::Signature, 1);
        Some(SignatureReport { public_key: signature.key().to_string(), valid, known })
    }

    fn signed(&mut self, signature: &Signature) -> bool {
        let body = self.subject.body();
        let valid = signature.is_of(&body.digest());
        if !valid {
            let words = if signature.is_of(&body.stated) {
                text(
                    "la signature vaut pour l'empreinte indiquée dans /sha256, que cet en-tête n'a pas : l'en-tête a été modifié",
                    "the signature is of the digest given in /sha256, which this head does not have: the head was altered",
                )
            } else {
                text("la signature n'est pas celle de cet en-tête", "the signature is not one of this head")
            };
            self.findings.broken("/envelope/signature", None, (None, None), words);
        }
        valid
    }

    fn methodologies(&mut self) {
        let body = self.subject.body();
        self.findings.begin();
        let named: Vec<(String, &MethodologyName)> = body
            .head
            .pinned
            .iter()
            .flatten()
            .enumerate()
            .map(|(place, name)| (format!("/head/pinned/{place}"), name))
            .chain([("/head/methodology".to_owned(), &body.head.methodology)])
            .collect();
        let words = || {
            text("la méthode n'est pas celle que nomme l'en-tête", "the methodology is not the one that the head names")
        };
        self.findings.same("/methodologies", named.len(), body.methodologies.len(), words());
        for (place, (methodology, (pointer, name))) in body.methodologies.iter().zip(&named).enumerate() {
            let own = names(methodology).0;
            let same = |findings: &mut Findings, member: &str, expected: String, found: String| {
                if expected != found {
                    let pair = (Some(Shown::text(expected)), Some(Shown::text(found)));
                    let at = match member {
                        "status" => format!("{pointer}/{member}"),
                        _ => format!("/methodologies/{place}"),
                    };
                    findings.broken(at, None, pair, words());
                }
            };
            let findings = &mut self.findings;
            same(findings, "id", name.id.clone(), own.id);
            same(findings, "version", name.version.clone(), own.version);
            same(findings, "document_sha256", name.document_sha256.to_string(), own.document_sha256.to_string());
            same(findings, "method_sha256", name.method_sha256.to_string(), own.method_sha256.to_string());
            same(findings, "status", own.status.as_str().to_owned(), name.status.as_str().to_owned());
        }
        let order = |documents: &[Methodology]| documents.iter().map(Methodology::document_digest).collect::<Vec<_>>();
        if order(&body.root.family()) != order(&body.methodologies) {
            let words = text(
                "les documents ne sont pas la méthode et celles qu'elle cite, chacun une fois, dans l'ordre",
                "the documents are not the methodology and those that it pins, each once, in their order",
            );
            self.findings.broken("/methodologies", None, (None, None), words);
        }
        self.findings.end(CheckName::Methodologies, body.methodologies.len());
    }

    fn known_methodologies(&mut self) {
        let body = self.subject.body();
        let mut known = catalogue::all();
        known.extend(self.options.known.iter().cloned());
        self.findings.begin();
        let mut compared = 0;
        for (place, methodology) in body.methodologies.iter().enumerate() {
            let same =
                |other: &&Methodology| (other.id(), other.version()) == (methodology.id(), methodology.version());
            for other in known.iter().filter(same) {
                compared += 1;
                if other.method_digest() != methodology.method_digest() {
                    self.findings.push(Disagreement {
                        step: Step::Methodology,
                        pointer: format!("/methodologies/{place}"),
                        territory: None,
                        depth: 1,
                        expected: Some(Shown::text(other.method_digest())),
                        found: Some(Shown::text(methodology.method_digest())),
                        following: 0,
                        text: Text::new(
                            format!("une autre méthode se fait passer pour {}@{}", other.id(), other.version()),
                            format!("another methodology goes by the name of {}@{}", other.id(), other.version()),
                        ),
                    });
                }
            }
        }
        if compared == 0 {
            let (fr, en) = ("ce logiciel n'en connaît aucune de ce nom", "this package knows none of this name");
            self.findings.skip(CheckName::KnownMethodologies, fr, en);
        } else {
            self.findings.end(CheckName::KnownMethodologies, compared);
        }
    }

    fn reference_digest(&mut self) {
        let body = self.subject.body();
        let Some(reference) = &body.reference else {
            let (fr, en) = ("elle n'est pas jointe", "it is not included");
            return self.findings.skip(CheckName::ReferenceDigest, fr, en);
        };
        self.findings.begin();
        let altered = text("la référence n'est pas celle de l'en-tête", "the reference is not that of the head");
        self.findings.same("/reference", body.head.reference_sha256, Digest::of_bytes(reference.as_bytes()), altered);
        if let Some(reference) = parsed(reference) {
            let member = |name: &str| reference.get(name).map(Json::shown).unwrap_or_default();
            let cohort = text("la référence est d'une autre cohorte", "the reference is of another cohort");
            self.findings.same("/reference/cohort_sha256", body.head.cohort_sha256, member("cohort_sha256"), cohort);
            let status = text("la référence a un autre statut", "the reference has another status");
            self.findings.same("/reference/status", body.root.status().as_str(), member("status"), status);
            let period = |period: Option<(String, String)>| period.map(|(from, to)| format!("{from} {to}"));
            let own = body.head.period.as_ref().map(|period| (period.from.clone(), period.to.clone()));
            let at = |name: &str| Some(reference.get("period")?.get(name)?.shown());
            let words = text("la référence est d'une autre période", "the reference is of another period");
            self.findings.same(
                "/reference/period",
                period(own).unwrap_or_default(),
                period(at("from").zip(at("to"))).unwrap_or_default(),
                words,
            );
        }
        self.findings.end(CheckName::ReferenceDigest, 1);
    }

    fn roll_ups_digest(&mut self) {
        let Published::Publication(publication) = self.subject else { return };
        let head = publication.body.head.roll_ups_sha256;
        let own = publication.roll_ups.as_ref().map(|roll_ups| Digest::of_bytes(roll_ups.as_bytes()));
        let declared = publication.body.root.document().roll_ups.as_ref().is_some_and(|all| !all.is_empty());
        self.findings.begin();
        if head != own || declared != own.is_some() {
            let shown = |digest: Option<Digest>| digest.map(Shown::text);
            let words = text(
                "les scores de groupes ne sont pas ceux de l'en-tête",
                "the scores of groups are not those of the head",
            );
            self.findings.broken("/roll_ups", None, (shown(head), shown(own)), words);
        }
        self.findings.end(CheckName::RollUpsDigest, own.into_iter().count());
    }

    fn rows(&mut self) {
        let body = self.subject.body();
        let (status, method) = (body.root.status(), body.root.method_digest());
        self.findings.begin();
        let mut before: Option<&str> = None;
        let rows = self.subject.rows();
        for (place, row) in rows.iter().enumerate() {
            let pointer = self.subject.pointer(place);
            let mut broken = |member: &str, expected: String, found: String, fr: &str, en: &str| {
                let pair = (Some(Shown::text(expected)), Some(Shown::text(found)));
                self.findings.broken(format!("{pointer}{member}"), Some(&row.id), pair, Text::new(fr, en));
            };
            if row.stated != row.digest {
                broken(
                    "/sha256",
                    row.digest.to_string(),
                    row.stated.to_string(),
                    "la ligne n'a pas cette empreinte : elle a été modifiée",
                    "the row does not have this digest: it was altered",
                );
            }
            if row.status != status {
                let (fr, en) =
                    ("la ligne a un autre statut que la méthode", "the row has another status than the methodology");
                broken("/status", status.as_str().to_owned(), row.status.as_str().to_owned(), fr, en);
            }
            if row.method != method {
                let (fr, en) = ("la ligne est d'une autre méthode", "the row is of another methodology");
                broken("/method_sha256", method.to_string(), row.method.to_string(), fr, en);
            }
            if row.synthetic != body.head.synthetic.unwrap_or_default() {
                let (fr, en) = (
                    "la ligne et l'en-tête ne disent pas de même si les données sont inventées",
                    "the row and the head differ on whether the numbers are invented",
                );
                broken("/synthetic", (!row.synthetic).to_string(), row.synthetic.to_string(), fr, en);
            }
            if !row.own {
                let (fr, en) = ("un compte est d'un autre territoire", "an account is another territory's");
                broken("/accounts", row.id.clone(), String::new(), fr, en);
            }
            if let Some(before) = before.filter(|before| *before >= row.id.as_str()) {
                let (fr, en) = (
                    "les lignes ne sont pas dans l'ordre des identifiants, chacun une fois",
                    "the rows are not in the order of their ids, each once",
                );
                broken("/territory/id", format!("> {before}"), row.id.clone(), fr, en);
            }
            before = Some(&row.id);
        }
        if let Published::Publication(_) = self.subject {
            let words =
                text("le nombre de lignes n'est pas celui de l'en-tête", "the number of rows is not that of the head");
            self.findings.same("/rows", body.head.rows, rows.len(), words);
        }
        self.findings.end(CheckName::Rows, rows.len());
    }

    fn root(&mut self) {
        let head = &self.subject.body().head;
        self.findings.begin();
        // A row that was altered is told by its own digest: what is asked here is whether the digests,
        // as computed or as stated, lead to the head.
        let (pointer, found) = match self.subject {
            Published::Publication(publication) => {
                let stated: Vec<Digest> = publication.rows.iter().map(|row| row.stated).collect();
                let found = merkle::root(&digests(&publication.rows));
                let leads = found == head.rows_root || merkle::root(&stated) == head.rows_root;
                ("/head/rows_root", (!leads).then_some(Some(found)))
            }
            Published::Receipt(receipt) => {
                let root =
                    |digest: &Digest| merkle::root_of(digest, receipt.proof.index, head.rows, &receipt.proof.path);
                let found = root(&receipt.row.digest);
                let leads = [found, root(&receipt.row.stated)].contains(&Some(head.rows_root));
                ("/proof", (!leads).then_some(found))
            }
        };
        if let Some(found) = found {
            let words = text(
                "les lignes ne mènent pas à la racine de l'en-tête : lignes ajoutées, retirées, déplacées ou refaites",
                "the rows do not lead to the root in the head: rows added, removed, moved or remade",
            );
            let pair = match self.subject {
                Published::Publication(_) => (found.map(Shown::text), Some(Shown::text(head.rows_root))),
                Published::Receipt(_) => (Some(Shown::text(head.rows_root)), found.map(Shown::text)),
            };
            self.findings.broken(pointer, None, pair, words);
        }
        self.findings.end(CheckName::Root, self.subject.rows().len());
    }

    fn cohort(&mut self) {
        let body = self.subject.body();
        let Published::Publication(publication) = self.subject else {
            let (fr, en) = ("un reçu n'a que celles d'un territoire", "a receipt has those of one territory only");
            return self.findings.skip(CheckName::Cohort, fr, en);
        };
        if body.head.inputs == Inputs::Digest {
            let (fr, en) = ("elles ne sont pas jointes", "they are not included");
            return self.findings.skip(CheckName::Cohort, fr, en);
        }
        self.findings.begin();
        let words = text(
            "les données ne sont pas celles de l'en-tête, ou la période",
            "the inputs, or the period, are not those of the head",
        );
        let cohort = Digest::of_bytes(cohort_text(body, &publication.rows).as_bytes());
        self.findings.same("/head/cohort_sha256", cohort, body.head.cohort_sha256, words);
        let list = |list: Option<Vec<String>>| list.unwrap_or_default().join(", ");
        let words = text(
            "les millésimes de population ne sont pas ceux des lignes",
            "the population vintages are not those of the rows",
        );
        self.findings.same(
            "/head/population_vintages",
            list(vintages(&publication.rows)),
            list(body.head.population_vintages.clone()),
            words,
        );
        self.findings.end(CheckName::Cohort, publication.rows.len());
    }

    // Depths 2 and 3.

    fn recompute(&mut self) -> Result<(), Faults> {
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
            return self.from_reference();
        }
        let scored = Cohort::from_json(cohort_text(body, rows).as_bytes()).and_then(|cohort| body.root.score(cohort));
        match scored {
            Ok(scoring) => self.full(&scoring),
            Err(faults) => {
                self.refused(&faults);
                for check in [CheckName::Scores, CheckName::Reference, CheckName::Full] {
                    let (fr, en) = ("les données sont refusées", "the inputs are refused");
                    self.findings.skip(check, fr, en);
                }
                Ok(())
            }
        }
    }

    /// Says where the inputs are such that no cohort can be made of them.
    fn refused(&mut self, faults: &Faults) {
        for fault in faults {
            let (pointer, territory) = self.placed(fault);
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
            match known.get(row.id.as_str()) {
                Some(expected) => {
                    if self.compare_row(place, row, expected, 3) {
                        differing.push(place);
                    }
                }
                None => {
                    let words = text("ce territoire n'est pas dans la cohorte", "this territory is not in the cohort");
                    self.stranger(self.subject.pointer(place), &row.id, words);
                }
            }
        }
        if let Published::Publication(publication) = self.subject {
            let published: std::collections::HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
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
        self.from_the_reference(&differing)
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
    fn from_reference(&mut self) -> Result<(), Faults> {
        if self.body().reference.is_none() && self.options.reference.is_none() {
            let (fr, en) =
                ("la référence n'est pas jointe : il faudrait la donner", "the reference is not included: give it");
            self.findings.skip(CheckName::Scores, fr, en);
            return Ok(());
        }
        self.depth = 2;
        self.from_the_reference(&[0])
    }

    /// Recomputes some rows from their inputs and the reference.
    fn from_the_reference(&mut self, places: &[usize]) -> Result<(), Faults> {
        let body = self.subject.body();
        let reference = match (&body.reference, &self.options.reference) {
            (Some(reference), _) => Reference::from_json(reference.as_bytes(), &body.root),
            (None, Some(given)) => Reference::from_json(given, &body.root),
            (None, None) => return Ok(()),
        };
        let reference = reference.map_err(|own| {
            let mut faults = Faults::new();
            inside(own, if body.reference.is_some() { "/reference" } else { "" }, &mut faults);
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
            let Some((territory, accounts)) = given(row) else { continue };
            match reference.score(&territory, &accounts) {
                Ok(score) => {
                    let expected =
                        Json::Object(vec![("result".to_owned(), Json::Object(result(&score, body.head.inputs)))]);
                    if canonical::text(&expected) != format!("{{\"result\":{}}}", row.result) {
                        let found = parsed(&row.result).unwrap_or(Json::Null);
                        let found = Json::Object(vec![("result".to_owned(), found)]);
                        self.first_of(*place, row, &expected, &found, 2);
                    }
                }
                Err(faults) => self.refused(&faults),
            }
        }
        self.findings.end(CheckName::Scores, places.len());
        Ok(())
    }
}

/// How many rows are recomputed one by one from a reference that is not the cohort's.
const FROM_REFERENCE: usize = 1_000;

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

/// The canonical cohort document that the rows and the head give back.
pub(super) fn cohort_text(body: &Body, rows: &[Row]) -> String {
    let mut out = String::from("{\"accounts\":[");
    let inside = |list: &Option<(String, usize)>| {
        list.as_ref().and_then(|(text, _)| text.strip_prefix('[')?.strip_suffix(']').map(str::to_owned))
    };
    let join = |out: &mut String, parts: &mut dyn Iterator<Item = String>| {
        for (place, part) in parts.filter(|part| !part.is_empty()).enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(&part);
        }
    };
    let period = |period: &Option<crate::cohort::PeriodRecord>| {
        let quoted = |text: &str| canonical::text(&Json::String(text.to_owned()));
        period
            .as_ref()
            .map(|period| format!("\"period\":{{\"from\":{},\"to\":{}}}", quoted(&period.from), quoted(&period.to)))
    };
    join(&mut out, &mut rows.iter().filter_map(|row| inside(&row.accounts)));
    out.push_str("],\"document\":\"cohort\",\"language\":\"bareme/1\"");
    if let Some(period) = period(&body.head.period) {
        out.push(',');
        out.push_str(&period);
    }
    let before = period(&body.head.previous_period);
    if before.is_some() || rows.iter().any(|row| row.previous.is_some()) {
        out.push_str(",\"previous\":{\"accounts\":[");
        join(&mut out, &mut rows.iter().filter_map(|row| inside(&row.previous)));
        out.push(']');
        if let Some(period) = before {
            out.push(',');
            out.push_str(&period);
        }
        out.push('}');
    }
    if body.head.synthetic == Some(true) {
        out.push_str(",\"synthetic\":true");
    }
    out.push_str(",\"territories\":[");
    join(&mut out, &mut rows.iter().map(|row| row.territory.clone()));
    out.push_str("]}");
    out
}

/// The territory of a row and its accounts, as a reference scores them.
fn given(row: &Row) -> Option<(Territory, Vec<Account>)> {
    let mut faults = Faults::new();
    let record = TerritoryRecord::from_json(&parsed(&row.territory)?, &At::ROOT, &mut faults)?;
    let number = |quantity: &Quantity| quantity.0.map_or(f64::NAN, Decimal::get);
    let territory = Territory {
        id: record.id,
        name: record.name,
        structure_type: record.structure_type,
        population: record.population.0.map(Decimal::get),
        population_vintage: record.population_vintage,
        department: record.department,
        region: record.region,
        attributes: record.attributes.iter().flatten().map(|(name, value)| (name.clone(), number(value))).collect(),
        stratum: record.stratum.map(|by_hand| StratumOverride { stratum: by_hand.id, reason: by_hand.reason }),
        formerly: record.formerly,
    };
    let accounts = match &row.accounts {
        Some((accounts, _)) => Vec::<AccountRecord>::from_json(&parsed(accounts)?, &At::ROOT, &mut faults)?,
        None => Vec::new(),
    };
    let accounts = accounts.into_iter().map(|account| Account {
        metrics: account.metrics.iter().map(|(name, value)| (name.clone(), number(value))).collect(),
        territory: account.territory,
        network: account.network,
        main: account.main.unwrap_or_default(),
    });
    Some((territory, accounts.collect()))
}
