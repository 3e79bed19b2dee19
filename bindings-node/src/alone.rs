//! One territory alone, in few microseconds: numbers cross in memory that JavaScript owns, and what is the
//! same of every territory does not cross at all.
//!
//! It serves sound territories of the usual shape. Anything else, and every fault, is left to
//! [`NativeReference::score`], which reads and writes documents; both give the same.

use bareme::cohort::{Account, Territory};
use bareme::scoring::{self, Flag, Reference, TerritoryScore};
use napi::bindgen_prelude::BufferSlice;
use napi_derive::napi;
use serde::Serialize;

use crate::guard::{guard, text_of};
use crate::handles::NativeReference;
use crate::shape::{Shape, write};

/// A reference, and accounts that are written anew for each territory.
#[derive(Debug)]
pub struct Loaded {
    pub(crate) reference: Reference,
    shapes: Vec<Shape>,
    /// The accounts of the last territory, the shape of each, and where its values come.
    accounts: Vec<Account>,
    shape_of: Vec<usize>,
}

impl From<Reference> for Loaded {
    fn from(reference: Reference) -> Self {
        Self { reference, shapes: Vec::new(), accounts: Vec::new(), shape_of: Vec::new() }
    }
}

/// The states by their numbers.
#[napi(catch_unwind)]
pub fn states() -> Vec<String> {
    scoring::states().map(str::to_owned).collect()
}

/// What a result says in words.
#[derive(Serialize)]
struct Words<'a>(
    &'a str,
    &'a str,
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    Vec<Option<&'a str>>,
    &'a [Flag],
    Vec<Words<'a>>,
);

impl<'a> Words<'a> {
    fn of(score: &'a TerritoryScore) -> Self {
        Self(
            &score.id,
            &score.name,
            &score.structure_type,
            score.stratum.as_deref(),
            score.grade.as_deref(),
            score.indices.iter().map(|index| index.published.as_deref()).collect(),
            &score.flags,
            score.parts.iter().map(|part| Self::of(&part.territory)).collect(),
        )
    }
}

/// Numbers on their way into JavaScript's memory, each as its eight bytes.
struct Out<'a> {
    places: std::slice::ChunksExactMut<'a, u8>,
}

impl Out<'_> {
    /// Writes one; none when there is no place for it.
    fn put(&mut self, number: f64) -> Option<()> {
        self.places.next()?.copy_from_slice(&number.to_ne_bytes());
        Some(())
    }

    fn put_some(&mut self, number: Option<f64>) -> Option<()> {
        self.put(number.unwrap_or(f64::NAN))
    }

    fn put_state(&mut self, state: &'static str) -> Option<()> {
        // The very same text in nearly every case, which is sooner seen than read.
        let place = scoring::states().position(|known| std::ptr::eq(known, state) || known == state)?;
        self.put(place as f64)
    }

    /// The numbers of a result, in the order in which `lib/alone.js` takes them.
    fn result(&mut self, score: &TerritoryScore) -> Option<()> {
        self.put(f64::from(u8::from(score.synthetic)))?;
        self.put(score.indices.len() as f64)?;
        for index in &score.indices {
            self.put_some(index.score)?;
            self.put_state(index.state)?;
            self.put_some(index.weight)?;
            self.put(index.weights.len() as f64)?;
            index.weights.iter().try_for_each(|weight| self.put(*weight).ok_or(())).ok()?;
        }
        self.put(score.criteria.len() as f64)?;
        for criterion in &score.criteria {
            self.put_some(criterion.raw)?;
            self.put_state(criterion.state)?;
            self.put_some(criterion.mark)?;
            self.put_some(criterion.weight)?;
        }
        self.put(score.ranks.len() as f64)?;
        for rank in &score.ranks {
            self.put_some(rank.rank.map(f64::from))?;
            self.put_some(rank.of.map(f64::from))?;
        }
        self.put(score.parts.len() as f64)?;
        score.parts.iter().try_for_each(|part| self.result(&part.territory).ok_or(())).ok()
    }
}

impl Loaded {
    /// Scores a territory that is packed: its texts, then the network of each account, joined by U+0000; its
    /// population, then of each account the shape and the values.
    fn score(&mut self, texts: &str, numbers: &[f64]) -> Option<TerritoryScore> {
        let mut texts = texts.split('\0');
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut numbers = numbers.iter();
        let mut territory = Territory {
            id: texts.next()?.to_owned(),
            name: texts.next()?.to_owned(),
            structure_type: texts.next()?.to_owned(),
            population_vintage: given(texts.next()?),
            department: given(texts.next()?),
            region: given(texts.next()?),
            ..Territory::default()
        };
        territory.population = Some(*numbers.next()?);
        let mut count = 0;
        for network in texts {
            let number = *numbers.next()?;
            let shape = (0..self.shapes.len()).find(|place| *place as f64 == number)?;
            if self.shape_of.get(count) != Some(&shape) {
                self.accounts.truncate(count);
                self.shape_of.truncate(count);
                self.accounts.push(self.shapes.get(shape)?.account());
                self.shape_of.push(shape);
            }
            let account = self.accounts.get_mut(count)?;
            let places = self.shapes.get(shape)?.places();
            let (values, rest) = numbers.as_slice().split_at_checked(places.len())?;
            numbers = rest.iter();
            write(account, places, values)?;
            account.territory.clone_from(&territory.id);
            network.clone_into(&mut account.network);
            count = count.saturating_add(1);
        }
        numbers.next().is_none().then_some(())?;
        self.reference.score(&territory, self.accounts.get(..count)?).ok()
    }
}

#[napi]
impl NativeReference {
    /// The number of a new shape.
    #[napi(catch_unwind)]
    pub fn shape(&mut self, names: Vec<String>) -> napi::Result<u32> {
        guard(|| {
            let number = u32::try_from(self.inner.shapes.len()).unwrap_or(u32::MAX);
            self.inner.shapes.push(Shape::of(&names));
            Ok(number)
        })
    }

    /// Scores a packed territory, of which so many numbers are given: those of the result into `out`, its words as JSON;
    /// none where this way does not serve.
    #[napi(catch_unwind)]
    pub fn score_packed(
        &mut self,
        texts: String,
        numbers: &[f64],
        count: u32,
        mut out: BufferSlice<'_>,
    ) -> napi::Result<Option<String>> {
        guard(|| {
            let numbers = numbers.get(..count as usize).unwrap_or_default();
            let Some(score) = self.inner.score(&texts, numbers) else { return Ok(None) };
            match (Out { places: out.chunks_exact_mut(size_of::<f64>()) }).result(&score) {
                Some(()) => Ok(Some(text_of(&Words::of(&score))?)),
                None => Ok(None),
            }
        })
    }
}
