//! The ids met in a cohort, numbered: each text is kept once, next to the others.

use std::hash::{BuildHasher, RandomState};

use super::NONE;

/// Texts numbered from 0 in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// All texts, one after the other.
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
    /// The number of a text at the place that its hash gives, or at the next that was free; else [`NONE`]. A power
    /// of two, at most half full.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Ids {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text with this number; empty when there is none.
    pub(super) fn text(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let end = self.ends.get(number).copied();
        start.zip(end).and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    /// The number of a text, if it was met.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.slot(text).and_then(|slot| self.slots.get(slot).copied()).filter(|number| *number != NONE)
    }

    /// The number of a text, which is a new one when it was not met before.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        let number = super::build::small(self.ends.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        if self.ends.len().saturating_mul(2) > self.slots.len() {
            self.grow();
        } else if let Some(slot) = self.slot(text) {
            self.put(slot, number);
        }
        number
    }

    /// The slot that holds a text, or in which it would be put.
    fn slot(&self, text: &str) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = usize::try_from(self.hasher.hash_one(text) & mask as u64).ok()?;
        while let Some(number) = self.slots.get(slot).filter(|number| **number != NONE) {
            if self.text(*number) == text {
                break;
            }
            slot = slot.wrapping_add(1) & mask;
        }
        Some(slot)
    }

    fn put(&mut self, slot: usize, number: u32) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = number;
        }
    }

    fn grow(&mut self) {
        let slots = self.slots.len().saturating_mul(2).max(16);
        self.slots.clear();
        self.slots.resize(slots, NONE);
        for number in (0..self.ends.len()).map(super::build::small) {
            if let Some(slot) = self.slot(self.text(number)) {
                self.put(slot, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_keeps_its_number() {
        let mut ids = Ids::default();
        assert_eq!((ids.len(), ids.find(""), ids.text(0)), (0, None, ""));
        let texts: Vec<String> = (0..1_000).map(|number: u32| format!("{:x}", number * number)).collect();
        for _ in 0..2 {
            for (number, text) in (0..).zip(&texts) {
                assert_eq!(ids.number(text), number);
            }
        }
        assert_eq!(ids.number(""), 1_000);
        assert_eq!(ids.len(), 1_001);
        for (number, text) in (0..).zip(&texts) {
            assert_eq!((ids.find(text), ids.text(number)), (Some(number), text.as_str()));
        }
        assert_eq!((ids.find(""), ids.text(1_000), ids.text(1_001)), (Some(1_000), "", ""));
        assert_eq!(ids.find("none of them"), None);
    }
}
