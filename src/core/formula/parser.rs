//! The formula parser: compiles the source to operations in postfix order.

use super::{FormulaError, Function, Op};

/// The maximum length of a source, in bytes.
const LONGEST: usize = 1000;
/// The maximum nesting depth of parentheses, signs and exponents.
const DEEPEST: usize = 64;

pub(super) fn postfix(source: &str, params: &[&str]) -> Result<Vec<Op>, FormulaError> {
    let mut parser = Parser {
        source,
        params,
        at: 0,
        depth: 0,
        postfix: Vec::new(),
    };
    if source.len() > LONGEST {
        return parser.refuse(format!(
            "This formula has {} bytes; at most {LONGEST} are allowed.",
            source.len()
        ));
    }
    parser.sum()?;
    match parser.peek() {
        None => Ok(parser.postfix),
        Some(')') => parser.refuse("This parenthesis was never opened.".into()),
        Some(',') => parser.refuse("A comma belongs between the values of min or max only.".into()),
        Some(c) => parser.refuse(format!(
            "An operator (+ - * / ^) was expected here, not {c:?}."
        )),
    }
}

/// A recursive descent parser; each rule appends the operations for its value to `postfix`.
struct Parser<'a> {
    source: &'a str,
    params: &'a [&'a str],
    at: usize,
    depth: usize,
    postfix: Vec<Op>,
}

type Parsed = Result<(), FormulaError>;

impl<'a> Parser<'a> {
    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, |c| match c {
            '+' => Some(Op::Add),
            '-' => Some(Op::Subtract),
            _ => None,
        })
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::signed, |c| match c {
            '*' => Some(Op::Multiply),
            '/' => Some(Op::Divide),
            _ => None,
        })
    }

    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Parsed,
        operator: fn(char) -> Option<Op>,
    ) -> Parsed {
        operand(self)?;
        while let Some(op) = self.peek().and_then(operator) {
            self.at += 1;
            operand(self)?;
            self.postfix.push(op);
        }
        Ok(())
    }

    /// Parses a signed term. All nesting passes through here, so depth is counted only here.
    fn signed(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.refuse(format!(
                "This formula is nested more than {DEEPEST} levels deep."
            ));
        }
        if self.eat('-') {
            self.signed()?;
            self.postfix.push(Op::Negate);
        } else {
            self.value()?;
            if self.eat('^') {
                self.signed()?;
                self.postfix.push(Op::Power);
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn value(&mut self) -> Parsed {
        match self.peek() {
            Some('(') => {
                self.at += 1;
                self.sum()?;
                self.close()
            }
            Some('0'..='9' | '.') => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.name(),
            Some(c) => self.refuse(format!(
                "A number, a parameter or ( was expected here, not {c:?}."
            )),
            None => self
                .refuse("The formula ends where a number, a parameter or ( was expected.".into()),
        }
    }

    fn number(&mut self) -> Parsed {
        let start = self.at;
        self.take_while(|b| b.is_ascii_digit() || b == b'_');
        if self.source[self.at..].starts_with('.') {
            self.at += 1;
            self.take_while(|b| b.is_ascii_digit() || b == b'_');
        }
        if let Some(exponent) = self.source[self.at..].strip_prefix(['e', 'E']) {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if unsigned.starts_with(|c: char| c.is_ascii_digit()) {
                self.at = self.source.len() - unsigned.len();
                self.take_while(|b| b.is_ascii_digit());
            }
        }
        let written = &self.source[start..self.at];
        match written.replace('_', "").parse::<f64>() {
            Ok(value) if value.is_finite() => {
                self.postfix.push(Op::Number(value));
                Ok(())
            }
            _ => self.refuse_at(
                start,
                format!("{written:?} is not a number that can be calculated with."),
            ),
        }
    }

    fn name(&mut self) -> Parsed {
        let start = self.at;
        let name = self.take_while(|b| b.is_ascii_alphanumeric() || b == b'_');
        if self.eat('(') {
            return self.call(name, start);
        }
        match self.params.iter().position(|p| *p == name) {
            Some(index) => {
                self.postfix.push(Op::Param(index));
                Ok(())
            }
            None if self.params.is_empty() => self.refuse_at(
                start,
                format!("{name:?} is not a parameter: this question has none."),
            ),
            None => {
                let known = self.params.join(", ");
                self.refuse_at(
                    start,
                    format!("{name:?} is not a parameter of this question; it has {known}."),
                )
            }
        }
    }

    /// Parses a function call after its opening parenthesis.
    fn call(&mut self, name: &str, start: usize) -> Parsed {
        let mut arguments = 1;
        self.sum()?;
        while self.eat(',') {
            self.sum()?;
            arguments += 1;
        }
        self.close()?;
        let op = match (name, arguments) {
            ("min", 2..) => Op::Min(arguments),
            ("max", 2..) => Op::Max(arguments),
            ("ceil", 1) => Op::Call(Function::Ceil),
            ("floor", 1) => Op::Call(Function::Floor),
            ("sqrt", 1) => Op::Call(Function::Sqrt),
            ("ln", 1) => Op::Call(Function::Ln),
            ("log2", 1) => Op::Call(Function::Log2),
            ("min" | "max", _) => {
                return self.refuse_at(start, format!("{name} takes two values or more."));
            }
            ("ceil" | "floor" | "sqrt" | "ln" | "log2", n) => {
                return self.refuse_at(start, format!("{name} takes one value, not {n}."));
            }
            _ => {
                let known = "min, max, ceil, floor, sqrt, ln and log2";
                return self.refuse_at(
                    start,
                    format!("{name:?} is not a function; there are {known}."),
                );
            }
        };
        self.postfix.push(op);
        Ok(())
    }

    fn close(&mut self) -> Parsed {
        if self.eat(')') {
            Ok(())
        } else {
            self.refuse("A closing parenthesis was expected here.".into())
        }
    }

    /// Skips white space and returns the next character.
    fn peek(&mut self) -> Option<char> {
        self.take_while(|b| b.is_ascii_whitespace());
        self.source[self.at..].chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    /// Takes bytes while `accept` holds. It must reject bytes above 127, or a character could be split.
    fn take_while(&mut self, accept: fn(u8) -> bool) -> &'a str {
        let rest = &self.source[self.at..];
        let taken = &rest[..rest.bytes().take_while(|b| accept(*b)).count()];
        self.at += taken.len();
        taken
    }

    fn refuse<T>(&self, message: String) -> Result<T, FormulaError> {
        self.refuse_at(self.at, message)
    }

    fn refuse_at<T>(&self, at: usize, message: String) -> Result<T, FormulaError> {
        Err(FormulaError { at, message })
    }
}
