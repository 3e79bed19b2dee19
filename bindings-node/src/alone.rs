//! One territory alone, in few microseconds: its numbers and texts cross in memory that JavaScript owns and
//! nothing else does, not even arguments; what is the same of every territory does not cross at all.
//!
//! It serves sound territories of the usual shape. Anything else, and every fault, is left to
//! [`NativeReference::score`], which reads and writes documents; both give the same.

use std::cell::RefCell;
use std::rc::Rc;
use std::slice::{ChunksExact, ChunksExactMut};

use bareme::Faults;
use bareme::cohort::{Account, Territory};
use bareme::scoring::{self, Flag, Reference, TerritoryScore};
use napi::bindgen_prelude::{Buffer, Env, Function};
use napi_derive::napi;

use crate::guard::{guard, internal, text_of};
use crate::handles::NativeReference;
use crate::shape::{Shape, write};

/// A reference, and the shapes of the accounts that are scored against it.
#[derive(Debug)]
pub struct Loaded {
    pub(crate) reference: Reference,
    shapes: Rc<RefCell<Vec<Shape>>>,
}

impl From<Reference> for Loaded {
    fn from(reference: Reference) -> Self {
        Self { reference, shapes: Rc::default() }
    }
}

/// The states by their numbers.
#[napi(catch_unwind)]
pub fn states() -> Vec<String> {
    scoring::states().map(str::to_owned).collect()
}

/// The codes of flags.
#[napi(catch_unwind)]
pub fn flag_codes() -> Vec<String> {
    Flag::CODES.iter().copied().map(str::to_owned).collect()
}

/// What a call reads and writes: numbers of eight bytes in the first half, units of UTF-16 in the second.
struct Given<'a> {
    numbers: ChunksExact<'a, u8>,
    units: ChunksExact<'a, u8>,
}

impl<'a> Given<'a> {
    fn of(memory: &'a [u8]) -> Self {
        let (numbers, units) = memory.split_at(memory.len() / 2);
        Self { numbers: numbers.chunks_exact(size_of::<f64>()), units: units.chunks_exact(size_of::<u16>()) }
    }

    fn number(&mut self) -> Option<f64> {
        Some(f64::from_ne_bytes(self.numbers.next()?.try_into().ok()?))
    }

    /// A number that says how many, or which.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was such a number before")]
    fn count(&mut self) -> Option<usize> {
        Some(self.number()? as usize)
    }

    /// Reads a text in place of another; none when it holds half of a character.
    fn text(&mut self, text: &mut String) -> Option<()> {
        text.clear();
        let count = self.count()?;
        let units = self.units.by_ref().take(count).filter_map(|unit| Some(u16::from_ne_bytes(unit.try_into().ok()?)));
        for character in char::decode_utf16(units) {
            text.push(character.ok()?);
        }
        Some(())
    }
}

/// The way back.
struct Out<'a> {
    numbers: ChunksExactMut<'a, u8>,
    units: ChunksExactMut<'a, u8>,
    /// Texts of which few differ, by their numbers from 1.
    words: &'a mut Vec<String>,
}

impl<'a> Out<'a> {
    fn of(memory: &'a mut [u8], words: &'a mut Vec<String>) -> Self {
        let (numbers, units) = memory.split_at_mut(memory.len() / 2);
        let (numbers, units) = (numbers.chunks_exact_mut(size_of::<f64>()), units.chunks_exact_mut(size_of::<u16>()));
        Self { numbers, units, words }
    }

    /// Writes one; none when there is no place for it.
    fn put(&mut self, number: f64) -> Option<()> {
        self.numbers.next()?.copy_from_slice(&number.to_ne_bytes());
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

    fn put_text(&mut self, text: Option<&str>) -> Option<()> {
        let mut count = 0.0;
        for unit in text.unwrap_or_default().encode_utf16() {
            self.units.next()?.copy_from_slice(&unit.to_ne_bytes());
            count += 1.0;
        }
        self.put(count)
    }

    fn put_word(&mut self, word: Option<&str>) -> Option<()> {
        let Some(word) = word else { return self.put(0.0) };
        let place = self.words.iter().position(|known| known == word).unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len().saturating_sub(1)
        });
        self.put(place as f64 + 1.0)
    }

    /// The numbers and texts of a result, in the order in which `lib/alone.js` takes them.
    fn result(&mut self, score: &TerritoryScore) -> Option<()> {
        self.put_word(score.stratum.as_deref())?;
        self.put_word(score.grade.as_deref())?;
        self.put(f64::from(u8::from(score.synthetic)))?;
        self.put(score.indices.len() as f64)?;
        for index in &score.indices {
            self.put_some(index.score)?;
            self.put_text(index.published.as_deref())?;
            self.put_state(index.state)?;
            self.put_some(index.weight)?;
            self.put(index.weights.len() as f64)?;
            index.weights.iter().try_for_each(|weight| self.put(*weight))?;
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
        score.parts.iter().try_for_each(|part| self.result(&part.territory))
    }
}

/// The flags of a result, then those of its parts.
fn flags<'a>(score: &'a TerritoryScore, all: &mut Vec<&'a [Flag]>) {
    all.push(&score.flags);
    score.parts.iter().for_each(|part| flags(&part.territory, all));
}

/// Scores what is in memory, again and again, and writes each time over what was there.
struct Scorer {
    reference: Reference,
    shapes: Rc<RefCell<Vec<Shape>>>,
    memory: Buffer,
    territory: Territory,
    /// The accounts of the last territory, and the shape of each.
    accounts: Vec<Account>,
    shape_of: Vec<usize>,
    values: Vec<f64>,
    /// How many accounts the territory has.
    count: usize,
    words: Vec<String>,
}

impl Scorer {
    /// Reads the territory: its population; id, name, type, vintage, department and region; and of each account
    /// the network, the shape and the values.
    fn read(&mut self) -> Option<()> {
        let mut given = Given::of(&self.memory);
        let shapes = self.shapes.try_borrow().ok()?;
        let territory = &mut self.territory;
        territory.population = Some(given.number()?);
        given.text(&mut territory.id)?;
        given.text(&mut territory.name)?;
        given.text(&mut territory.structure_type)?;
        // To the core an empty text is none.
        given.text(territory.population_vintage.get_or_insert_default())?;
        given.text(territory.department.get_or_insert_default())?;
        given.text(territory.region.get_or_insert_default())?;
        self.count = given.count()?;
        for place in 0..self.count {
            let shape = given.count()?;
            let known = shapes.get(shape)?;
            if self.shape_of.get(place) != Some(&shape) {
                self.accounts.truncate(place);
                self.shape_of.truncate(place);
                self.accounts.push(known.account());
                self.shape_of.push(shape);
            }
            let account = self.accounts.get_mut(place)?;
            given.text(&mut account.network)?;
            account.territory.clone_from(&territory.id);
            self.values.clear();
            for _ in known.places() {
                self.values.push(given.number()?);
            }
            write(account, known.places(), &self.values)?;
        }
        Some(())
    }

    fn score(&mut self) -> Result<Option<String>, Faults> {
        if self.read().is_none() {
            return Ok(None);
        }
        let accounts = self.accounts.get(..self.count).unwrap_or_default();
        let Ok(score) = self.reference.score(&self.territory, accounts) else { return Ok(None) };
        let known = self.words.len();
        if Out::of(&mut self.memory, &mut self.words).result(&score).is_none() {
            self.words.truncate(known);
            return Ok(None);
        }
        let mut all = Vec::new();
        flags(&score, &mut all);
        let fresh = self.words.get(known..).unwrap_or_default();
        if fresh.is_empty() && all.iter().all(|flags| flags.is_empty()) {
            return Ok(Some(String::new()));
        }
        text_of(&(fresh, all)).map(Some)
    }
}

#[napi]
impl NativeReference {
    /// The number of a new shape.
    #[napi(catch_unwind)]
    pub fn shape(&self, names: Vec<String>) -> napi::Result<u32> {
        guard(|| {
            let mut shapes = self.inner.shapes.try_borrow_mut().map_err(internal)?;
            let number = u32::try_from(shapes.len()).unwrap_or(u32::MAX);
            shapes.push(Shape::of(&names));
            Ok(number)
        })
    }

    /// A function that scores the territory in `memory` and puts the result in its place. It gives null where this
    /// way does not serve; mostly an empty text; else the words that are new and the flags of each result, as JSON.
    #[napi(catch_unwind)]
    pub fn scorer<'env>(&self, env: &'env Env, memory: Buffer) -> napi::Result<Function<'env, (), Option<String>>> {
        let scorer = RefCell::new(Scorer {
            reference: self.inner.reference.clone(),
            shapes: Rc::clone(&self.inner.shapes),
            memory,
            territory: Territory::default(),
            accounts: Vec::new(),
            shape_of: Vec::new(),
            values: Vec::new(),
            count: 0,
            words: Vec::new(),
        });
        // A function of its own finds what it needs sooner than a method, which first makes sure of its object.
        env.create_function_from_closure("score", move |_| guard(|| scorer.try_borrow_mut().map_err(internal)?.score()))
    }
}
