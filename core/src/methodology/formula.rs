//! Formulas and predicates: a small language, read once, evaluated exactly.
//!
//! ```text
//! formula   = term { ("+" | "-") term }
//! term      = factor { ("*" | "/") factor }
//! factor    = "-" factor | number | variable | function | "(" formula ")"
//! function  = ("min" | "max") "(" formula "," formula { "," formula } ")" | "abs" "(" formula ")"
//! variable  = [ "previous" "." ] name
//! number    = digits [ "." digits ] [ ("e" | "E") [ "+" | "-" ] digits ]
//! name      = letter { letter | digit | "_" }, lower case
//! predicate = clause { "or" clause }
//! clause    = comparison { "and" comparison }
//! comparison = formula ("=" | "!=" | "<" | "<=" | ">" | ">=") formula
//! ```
//!
//! `previous.followers` is the same metric over the previous period. Operators of one line associate to the left. There is no power, no function of several results,
//! no text: what a criterion needs and what anyone can do with fractions.

use std::fmt;

use crate::document::Json;
use crate::document::record::{At, FromJson};
use crate::error::{Code, Fault, Faults, Text};
use crate::exact::{Decimal, ParseDecimalError};

/// Longest formula, in bytes.
pub const MAX_LENGTH: usize = 1_000;
/// Deepest nesting of a formula.
pub const MAX_NESTING: usize = 32;

/// Names that mean something to the language and cannot name a metric or an attribute.
pub const RESERVED: &[&str] = &["population", "days", "previous", "min", "max", "abs", "and", "or"];

/// What the name of a metric of the previous period begins with.
pub const PREVIOUS: &str = "previous.";

/// An arithmetic expression over the metrics of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    text: String,
    root: Expression,
}

/// A node of a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A literal.
    Number(Decimal),
    /// A metric, an attribute, `population` or `days`; `previous.x` for a metric of the previous period.
    Variable(String),
    /// The opposite.
    Negate(Box<Expression>),
    /// The absolute value.
    Abs(Box<Expression>),
    /// An operation on two values.
    Binary(Operator, Box<Expression>, Box<Expression>),
}

/// An operation on two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; a zero divisor makes the formula undefined.
    Divide,
    /// The smaller.
    Min,
    /// The larger.
    Max,
}

/// A condition on an account or a territory.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    text: String,
    /// True when every comparison of one of these clauses is.
    clauses: Vec<Vec<Comparison>>,
}

/// A comparison of two formulas.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The left side.
    pub left: Expression,
    /// How they must compare.
    pub relation: Relation,
    /// The right side.
    pub right: Expression,
}

/// How two values must compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// Does this ordering satisfy the relation?
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

impl Expression {
    /// Calls `visit` with the name of every variable, from left to right, repetitions included.
    pub fn variables<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
        match self {
            Self::Number(_) => {}
            Self::Variable(name) => visit(name),
            Self::Negate(inner) | Self::Abs(inner) => inner.variables(visit),
            Self::Binary(_, left, right) => {
                left.variables(visit);
                right.variables(visit);
            }
        }
    }

    /// Can the value never be negative, whatever the data? `nonnegative` says it of a variable.
    /// A `false` only means that it cannot be excluded.
    pub fn never_negative(&self, nonnegative: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Number(value) => *value >= Decimal::ZERO,
            Self::Variable(name) => nonnegative(name),
            Self::Negate(_) => false,
            Self::Abs(_) => true,
            Self::Binary(operator, left, right) => {
                let (left, right) = (left.never_negative(nonnegative), right.never_negative(nonnegative));
                match operator {
                    Operator::Add | Operator::Multiply | Operator::Divide | Operator::Min => left && right,
                    Operator::Subtract => false,
                    Operator::Max => left || right,
                }
            }
        }
    }
}

impl Formula {
    /// Reads a formula.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let mut parser = Parser::new(text)?;
        let root = parser.formula(0)?;
        parser.end()?;
        Ok(Self { text: text.to_owned(), root })
    }

    /// The text, as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The expression.
    pub fn root(&self) -> &Expression {
        &self.root
    }
}

impl Predicate {
    /// Reads a predicate.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let mut parser = Parser::new(text)?;
        let mut clauses = Vec::new();
        loop {
            let mut clause = vec![parser.comparison()?];
            while parser.word("and") {
                clause.push(parser.comparison()?);
            }
            clauses.push(clause);
            if !parser.word("or") {
                break;
            }
        }
        parser.end()?;
        Ok(Self { text: text.to_owned(), clauses })
    }

    /// The text, as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The clauses: the predicate holds when every comparison of one of them does.
    pub fn clauses(&self) -> &[Vec<Comparison>] {
        &self.clauses
    }

    /// Calls `visit` with the name of every variable.
    pub fn variables<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
        for comparison in self.clauses.iter().flatten() {
            comparison.left.variables(visit);
            comparison.right.variables(visit);
        }
    }
}

/// Why a formula cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: expected {}, found {found:?}", expected.en)]
pub struct FormulaError {
    /// The character at which reading stopped, from 1.
    pub position: usize,
    /// What stands there; empty at the end.
    pub found: String,
    /// What was expected.
    pub expected: Text,
    /// The code: `formula_syntax`, `number_not_representable` or `limit_exceeded`.
    pub code: Code,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, FormulaError> {
        let parser = Self { text, at: 0 };
        if text.len() > MAX_LENGTH {
            let expected = Text::new(format!("au plus {MAX_LENGTH} octets"), format!("at most {MAX_LENGTH} bytes"));
            return Err(FormulaError {
                position: 1,
                found: text.len().to_string(),
                expected,
                code: Code::LimitExceeded,
            });
        }
        Ok(parser)
    }

    fn formula(&mut self, depth: usize) -> Result<Expression, FormulaError> {
        if depth > MAX_NESTING {
            let mut error = self.error(
                &format!("au plus {MAX_NESTING} niveaux d'imbrication"),
                &format!("at most {MAX_NESTING} levels of nesting"),
            );
            error.code = Code::LimitExceeded;
            return Err(error);
        }
        let mut left = self.term(depth)?;
        loop {
            let operator = match self.next() {
                Some('+') => Operator::Add,
                Some('-') => Operator::Subtract,
                _ => return Ok(left),
            };
            self.step();
            let right = self.term(depth)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
    }

    fn term(&mut self, depth: usize) -> Result<Expression, FormulaError> {
        let mut left = self.factor(depth)?;
        loop {
            let operator = match self.next() {
                Some('*') => Operator::Multiply,
                Some('/') => Operator::Divide,
                _ => return Ok(left),
            };
            self.step();
            let right = self.factor(depth)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
    }

    fn factor(&mut self, depth: usize) -> Result<Expression, FormulaError> {
        match self.next() {
            Some('-') => {
                self.step();
                // A run of signs nests like parentheses do.
                let depth = depth.saturating_add(1);
                if depth > MAX_NESTING {
                    return self.formula(depth);
                }
                Ok(Expression::Negate(Box::new(self.factor(depth)?)))
            }
            Some('(') => {
                self.step();
                let inner = self.formula(depth.saturating_add(1))?;
                self.expect(')')?;
                Ok(inner)
            }
            Some('0'..='9') => self.number(),
            Some('a'..='z') => {
                let start = self.at;
                let name = self.name();
                match name {
                    "min" => self.several(Operator::Min, depth),
                    "max" => self.several(Operator::Max, depth),
                    "abs" => {
                        self.expect('(')?;
                        let inner = self.formula(depth.saturating_add(1))?;
                        self.expect(')')?;
                        Ok(Expression::Abs(Box::new(inner)))
                    }
                    "previous" => {
                        // One name: no space inside.
                        if !self.rest().starts_with('.') {
                            return Err(self.error("« . »", "`.`"));
                        }
                        self.step();
                        if !self.rest().starts_with(|c: char| c.is_ascii_lowercase()) {
                            return Err(self.error("le nom d'une mesure", "the name of a metric"));
                        }
                        Ok(Expression::Variable(format!("{PREVIOUS}{}", self.name())))
                    }
                    "and" | "or" => {
                        self.at = start;
                        Err(self.error("une valeur", "a value"))
                    }
                    _ => Ok(Expression::Variable(name.to_owned())),
                }
            }
            _ => Err(self.error("un nombre, un nom ou « ( »", "a number, a name or `(`")),
        }
    }

    fn several(&mut self, operator: Operator, depth: usize) -> Result<Expression, FormulaError> {
        self.expect('(')?;
        let mut value = self.formula(depth.saturating_add(1))?;
        self.expect(',')?;
        loop {
            let next = self.formula(depth.saturating_add(1))?;
            value = Expression::Binary(operator, Box::new(value), Box::new(next));
            if self.next() != Some(',') {
                self.expect(')')?;
                return Ok(value);
            }
            self.step();
        }
    }

    fn number(&mut self) -> Result<Expression, FormulaError> {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut length = digits(rest);
        if let Some(fraction) = rest.get(length..).and_then(|tail| tail.strip_prefix('.')) {
            length = length.saturating_add(1).saturating_add(digits(fraction));
        }
        if let Some(exponent) = rest.get(length..).and_then(|tail| tail.strip_prefix(['e', 'E'])) {
            let sign = usize::from(exponent.starts_with(['+', '-']));
            let count = digits(exponent.get(sign..).unwrap_or_default());
            length = length.saturating_add(1).saturating_add(sign).saturating_add(count);
        }
        let text = rest.get(..length).unwrap_or_default();
        let value = Decimal::parse(text).map_err(|error| match error {
            ParseDecimalError::NotRepresentable { nearest } => {
                let mut error = self.error(
                    &format!("un nombre exact en binary64, comme {nearest}"),
                    &format!("a number that binary64 gives back, such as {nearest}"),
                );
                error.code = Code::NumberNotRepresentable;
                error
            }
            ParseDecimalError::OutOfRange => {
                let mut error = self.error("un nombre que binary64 contient", "a number within binary64's range");
                error.code = Code::NumberNotRepresentable;
                error
            }
            ParseDecimalError::Syntax => self.error("un nombre, comme 100 ou 0.5", "a number, such as 100 or 0.5"),
        })?;
        self.at = self.at.saturating_add(length);
        Ok(Expression::Number(value))
    }

    fn comparison(&mut self) -> Result<Comparison, FormulaError> {
        let left = self.formula(0)?;
        self.space();
        let signs = [
            ("<=", Relation::AtMost),
            (">=", Relation::AtLeast),
            ("!=", Relation::NotEqual),
            ("<", Relation::Less),
            (">", Relation::Greater),
            ("=", Relation::Equal),
        ];
        let Some((sign, relation)) = signs.into_iter().find(|(sign, _)| self.rest().starts_with(sign)) else {
            return Err(self.error("une comparaison : = != < <= > >=", "a comparison: = != < <= > >="));
        };
        self.at = self.at.saturating_add(sign.len());
        let right = self.formula(0)?;
        Ok(Comparison { left, relation, right })
    }

    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_').count();
        self.at = self.at.saturating_add(length);
        rest.get(..length).unwrap_or_default()
    }

    /// Passes over `word` if it comes next.
    fn word(&mut self, word: &str) -> bool {
        self.space();
        let start = self.at;
        if self.name() == word {
            return true;
        }
        self.at = start;
        false
    }

    fn expect(&mut self, c: char) -> Result<(), FormulaError> {
        if self.next() == Some(c) {
            self.step();
            return Ok(());
        }
        Err(self.error(&format!("« {c} »"), &format!("`{c}`")))
    }

    fn end(&mut self) -> Result<(), FormulaError> {
        match self.next() {
            None => Ok(()),
            Some(_) => Err(self.error("un opérateur ou la fin", "an operator or the end")),
        }
    }

    /// The next character that is not a space.
    fn next(&mut self) -> Option<char> {
        self.space();
        self.rest().chars().next()
    }

    fn space(&mut self) {
        let spaces = self.rest().bytes().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at = self.at.saturating_add(spaces);
    }

    /// Passes over one character of one byte.
    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, fr: &str, en: &str) -> FormulaError {
        FormulaError {
            position: self.text.get(..self.at).unwrap_or(self.text).chars().count().saturating_add(1),
            found: self.rest().chars().take(12).collect(),
            expected: Text::new(fr, en),
            code: Code::FormulaSyntax,
        }
    }
}

impl FormulaError {
    fn into_fault(self, text: &str, at: &At<'_>) -> Fault {
        let position = self.position;
        let found = if self.found.is_empty() {
            Text::new("la fin", "the end")
        } else {
            Text::new(self.found.clone(), self.found)
        };
        Fault::new(self.code, at.place(), text, self.expected).advise(
            format!("au caractère {position}, où se trouve « {} »", found.fr),
            format!("at character {position}, where `{}` stands", found.en),
        )
    }
}

macro_rules! read_text {
    ($name:ident, $what:literal) => {
        impl FromJson for $name {
            fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
                let text = String::from_json(json, at, faults)?;
                match Self::parse(&text) {
                    Ok(value) => Some(value),
                    Err(error) => {
                        faults.push(error.into_fault(&text, at));
                        None
                    }
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "maxLength": MAX_LENGTH, "description": $what })
            }
        }
    };
}

read_text!(Formula, "An arithmetic expression over metrics, attributes, `population` and `days`.");
read_text!(Predicate, "Comparisons of formulas joined by `and` and `or`.");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(expression: &Expression) -> String {
        match expression {
            Expression::Number(value) => value.to_string(),
            Expression::Variable(name) => name.clone(),
            Expression::Negate(inner) => format!("-[{}]", shown(inner)),
            Expression::Abs(inner) => format!("abs[{}]", shown(inner)),
            Expression::Binary(operator, left, right) => format!("({} {operator:?} {})", shown(left), shown(right)),
        }
    }

    #[test]
    fn precedence_and_association() {
        for (text, tree) in [
            ("1 - 2 - 3", "((1 Subtract 2) Subtract 3)"),
            ("a / b / c", "((a Divide b) Divide c)"),
            ("1 + 2 * x", "(1 Add (2 Multiply x))"),
            ("(1 + 2) * x", "((1 Add 2) Multiply x)"),
            ("-a * b", "(-[a] Multiply b)"),
            ("2 * -a", "(2 Multiply -[a])"),
            ("min(1, a, b)", "((1 Min a) Min b)"),
            ("a / previous.a", "(a Divide previous.a)"),
            ("abs(max(a,b) - 1.50e1)", "abs[((a Max b) Subtract 15)]"),
            (
                "100*(likes+comments)/posts/followers",
                "(((100 Multiply (likes Add comments)) Divide posts) Divide followers)",
            ),
        ] {
            assert_eq!(shown(Formula::parse(text).unwrap().root()), tree, "{text}");
        }
    }

    #[test]
    fn errors_have_positions() {
        for (text, position, code) in [
            ("", 1, Code::FormulaSyntax),
            ("1 +", 4, Code::FormulaSyntax),
            ("a b", 3, Code::FormulaSyntax),
            ("é", 1, Code::FormulaSyntax),
            ("a + 0.1234567890123456789", 5, Code::NumberNotRepresentable),
            ("1e999", 1, Code::NumberNotRepresentable),
            ("01", 1, Code::FormulaSyntax),
            ("min(a)", 6, Code::FormulaSyntax),
            ("abs(a, b)", 6, Code::FormulaSyntax),
            ("(a", 3, Code::FormulaSyntax),
            ("a ^ 2", 3, Code::FormulaSyntax),
            ("previous", 9, Code::FormulaSyntax),
            ("previous.1", 10, Code::FormulaSyntax),
            ("previous .a", 9, Code::FormulaSyntax),
            ("previous. a", 10, Code::FormulaSyntax),
            ("Followers", 1, Code::FormulaSyntax),
        ] {
            let error = Formula::parse(text).unwrap_err();
            assert_eq!((error.position, error.code), (position, code), "{text}: {error}");
        }
        assert_eq!(Formula::parse(&"(".repeat(900)).unwrap_err().code, Code::LimitExceeded);
        assert_eq!(Formula::parse(&"-".repeat(900)).unwrap_err().code, Code::LimitExceeded);
        assert_eq!(Formula::parse(&"1+".repeat(900)).unwrap_err().code, Code::LimitExceeded);
    }

    #[test]
    fn predicates() {
        let predicate = Predicate::parse("posts >= 1 and followers > 10 * 2 or population = 0").unwrap();
        let shape: Vec<usize> = predicate.clauses().iter().map(Vec::len).collect();
        assert_eq!(shape, [2, 1]);
        assert_eq!(predicate.clauses()[0][1].relation, Relation::Greater);
        for (text, position) in
            [("posts", 6), ("posts >=", 9), ("a < b < c", 7), ("a < b and", 10), ("and", 1), ("a < b orc", 7)]
        {
            assert_eq!(Predicate::parse(text).unwrap_err().position, position, "{text}");
        }
    }

    #[test]
    fn signs() {
        let never = |text: &str| Formula::parse(text).unwrap().root().never_negative(&|name| name != "d");
        assert!(never("100 * (a + b) / c") && never("abs(d)") && never("max(d, 0)") && never("min(a, b)"));
        assert!(!never("a - b") && !never("d") && !never("-a") && !never("min(a, d)"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r"[a-c0-9.e+\-*/(), minaxbs<>=!]{0,60}") {
            let _ = Formula::parse(&text);
            let _ = Predicate::parse(&text);
        }
    }
}
