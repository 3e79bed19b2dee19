//! Depth 1: does the document agree with itself?

use super::body::Published;
use std::sync::Arc;

use super::difference::parsed;
use super::document::{Inputs, MethodologyName, Signature};
use super::merkle;
use super::report::{CheckName, Disagreement, Findings, Shown, SignatureReport, Step};
use super::verify::{Verifier, cohort_text, text};
use super::write::{digests, names, vintages};
use crate::document::{Digest, Json};
use crate::error::Text;
use crate::methodology::catalogue;
use crate::scoring::check_alone;
use crate::{Cohort, Methodology};

impl Verifier<'_> {
    pub(super) fn integrity(&mut self) -> Option<SignatureReport> {
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
        let as_many = self.findings.same("/methodologies", named.len(), body.methodologies.len(), words());
        for (place, (methodology, (pointer, name))) in
            body.methodologies.iter().zip(&named).filter(|_| as_many).enumerate()
        {
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
            let Some(given) = &self.reference else {
                let (fr, en) = ("elle n'est pas jointe", "it is not included");
                return self.findings.skip(CheckName::ReferenceDigest, fr, en);
            };
            self.findings.begin();
            let words =
                text("la référence donnée n'est pas celle de l'en-tête", "the reference given is not that of the head");
            self.findings.same("/head/reference_sha256", given.digest(), body.head.reference_sha256, words);
            return self.findings.end(CheckName::ReferenceDigest, 1);
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
            let synthetic = text(
                "la référence et l'en-tête ne disent pas de même si les données sont inventées",
                "the reference and the head differ on whether the numbers are invented",
            );
            let own = reference.get("synthetic") == Some(&Json::Bool(true));
            self.findings.same("/reference/synthetic", body.head.synthetic.unwrap_or_default(), own, synthetic);
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
        let Published::Publication(publication) = self.subject else {
            let (fr, en) = ("un reçu n'en a pas", "a receipt has none");
            return self.findings.skip(CheckName::RollUpsDigest, fr, en);
        };
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
            if let Some(before) = before.filter(|before| *before >= row.id.as_str()) {
                let (fr, en) = (
                    "les lignes ne sont pas dans l'ordre des identifiants, chacun une fois",
                    "the rows are not in the order of their ids, each once",
                );
                broken("/territory/id", format!("> {before}"), row.id.clone(), fr, en);
            }
            before = Some(&row.id);
        }
        self.findings.end(CheckName::Rows, rows.len());
    }

    fn root(&mut self) {
        let head = &self.subject.body().head;
        self.findings.begin();
        if let Published::Publication(publication) = self.subject {
            let words =
                text("le nombre de lignes n'est pas celui de l'en-tête", "the number of rows is not that of the head");
            self.findings.same("/head/rows", publication.rows.len(), head.rows, words);
        }
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

    /// The inputs included: whose they are, whether they are a cohort, and which.
    fn cohort(&mut self) {
        let body = self.subject.body();
        let rows = self.subject.rows();
        if body.head.inputs == Inputs::Digest {
            let (fr, en) = ("elles ne sont pas jointes", "they are not included");
            return self.findings.skip(CheckName::Cohort, fr, en);
        }
        self.findings.begin();
        for (place, row) in rows.iter().enumerate() {
            for stranger in &row.strangers {
                let words = text("ce compte est d'un autre territoire", "this account is another territory's");
                let pointer = format!("{}{stranger}", self.subject.pointer(place));
                self.findings.metric(pointer, Some(&row.id), 1, (Some(Shown::text(&row.id)), None), words);
            }
        }
        let given = cohort_text(body, rows);
        let cohort = Cohort::from_json(given.as_bytes()).map(Arc::new);
        let taken = match self.subject {
            Published::Publication(_) => {
                cohort.and_then(|cohort| body.root.score(cohort)).map(|scoring| _ = self.scoring.get_or_insert(scoring))
            }
            Published::Receipt(_) => cohort.and_then(|cohort| check_alone(&body.root, &cohort)),
        };
        match taken {
            Ok(()) => self.sound = true,
            Err(faults) => self.refused(&faults),
        }
        if let Published::Publication(publication) = self.subject {
            let pair = |expected: String, found: String| {
                (expected != found).then(|| (Some(Shown::text(expected)), Some(Shown::text(found))))
            };
            let own = Digest::of_bytes(given.as_bytes()).to_string();
            if let Some(pair) = pair(own, body.head.cohort_sha256.to_string()) {
                let words = text(
                    "les données ne sont pas celles de l'en-tête, ou la période",
                    "the inputs, or the period, are not those of the head",
                );
                self.findings.metric("/head/cohort_sha256", None, 1, pair, words);
            }
            let own = vintages(&publication.rows);
            if own != body.head.population_vintages {
                let list = |list: &Option<Vec<String>>| Some(Shown::text(list.clone().unwrap_or_default().join(", ")));
                let words = text(
                    "les millésimes de population ne sont pas ceux des lignes",
                    "the population vintages are not those of the rows",
                );
                let pair = (list(&own), list(&body.head.population_vintages));
                self.findings.metric("/head/population_vintages", None, 1, pair, words);
            }
        }
        self.findings.end(CheckName::Cohort, rows.len());
    }
}
