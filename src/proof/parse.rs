//! Not trusted. Text to terms, in the notation of the theory. A term that was misread would be printed as
//! what it is (`pretty.rs`), and it is the printed term that has been proved.
//!
//! ```text
//! sum      = scaled { "+" scaled }                      A + B + C is (A + B) + C
//! scaled   = product [ "·" scaled ]                     s · A;  s · t · A is s · (t · A)
//! product  = factor { factor }                          A B C is (A B) C
//! factor   = atom { "ᵀ" }                               Aᵀ
//! atom     = name | function "(" sum ")" | "(" sum ")" | "‖" sum "‖²"      ‖z‖² is zᵀ z
//!          | "0[" dim "×" dim "]" | "I[" dim "]" | "[" sum "," sum "]" | "[" sum ";" sum "]"
//! dim      = name or number { "+" name or number }
//! ```

use super::{Dimension, LARGEST_TERM, Op, Problem, Shape, Signature, Term, name::in_name};

/// Brackets may be nested this deeply.
const DEEPEST: usize = 100;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Number(u32),
    Mark(char),
    /// ‖², which closes what ‖ opens.
    Squared,
}

struct Parser<'a> {
    text: &'a str,
    signature: &'a Signature,
    /// The tokens, each with the number of its first character, from 1.
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    /// Nodes made so far: chains without brackets must not grow beyond the limit either.
    nodes: usize,
}

/// Reads a term. Names are not looked up, but functions must be known to be told from products.
///
/// # Errors
/// [`Problem::Syntax`] with the place, what was found and what was expected.
pub fn parse_term(text: &str, signature: &Signature) -> Result<Term, Problem> {
    let mut parser = Parser::new(text, signature)?;
    let term = parser.sum()?;
    parser.end()?;
    term.bounded()
}

/// Reads `left = right`.
///
/// # Errors
/// As [`parse_term`].
pub fn parse_equation(text: &str, signature: &Signature) -> Result<(Term, Term), Problem> {
    let mut parser = Parser::new(text, signature)?;
    let left = parser.sum()?;
    parser.expect('=')?;
    let right = parser.sum()?;
    parser.end()?;
    Ok((left.bounded()?, right.bounded()?))
}

/// Reads a dimension.
///
/// # Errors
/// As [`parse_term`]; [`Problem::Unknown`] for a name that has not been declared.
pub fn parse_dimension(text: &str, signature: &Signature) -> Result<Dimension, Problem> {
    let mut parser = Parser::new(text, signature)?;
    let dimension = parser.dimension()?;
    parser.end()?;
    Ok(dimension)
}

/// Reads a shape: `m×n`, or `m` alone for a column.
///
/// # Errors
/// As [`parse_dimension`].
pub fn parse_shape(text: &str, signature: &Signature) -> Result<Shape, Problem> {
    let mut parser = Parser::new(text, signature)?;
    let rows = parser.dimension()?;
    let columns = match parser.take('×') {
        true => parser.dimension()?,
        false => Dimension::number(1),
    };
    parser.end()?;
    Ok(Shape { rows, columns })
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, signature: &'a Signature) -> Result<Self, Problem> {
        let mut parser = Parser {
            text,
            signature,
            tokens: vec![],
            next: 0,
            depth: 0,
            nodes: 0,
        };
        let characters: Vec<char> = text.chars().collect();
        let mut i = 0;
        while let Some(&c) = characters.get(i) {
            let start = i;
            let run = |more: &dyn Fn(char) -> bool| {
                let rest = characters.iter().skip(start);
                rest.take_while(|c| more(**c)).collect::<String>()
            };
            let token = if c.is_whitespace() {
                i += 1;
                continue;
            } else if c.is_ascii_digit() {
                let digits = run(&|c| c.is_ascii_digit());
                i += digits.chars().count();
                let number = digits.parse().ok().filter(|number| *number <= 1000);
                let refuse = || parser.syntax(start + 1, &digits, "a number up to 1000");
                Token::Number(number.ok_or_else(refuse)?)
            } else if in_name(c, true) {
                let name = run(&|c| in_name(c, false));
                i += name.chars().count();
                Token::Name(name)
            } else if c == '‖' && characters.get(i + 1) == Some(&'²') {
                i += 2;
                Token::Squared
            } else if "+·ᵀ()[],;×=‖".contains(c) {
                i += 1;
                Token::Mark(c)
            } else {
                let expected = "a name, a number or one of + · ᵀ ( ) [ ] , ; × = ‖ ‖²";
                return Err(parser.syntax(i + 1, &c.to_string(), expected));
            };
            parser.tokens.push((start + 1, token));
        }
        Ok(parser)
    }

    fn syntax(&self, at: usize, found: &str, expected: &str) -> Problem {
        Problem::Syntax {
            text: self.text.chars().take(200).collect(),
            at,
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// The error for the token that comes next.
    fn unexpected(&self, expected: &str) -> Problem {
        let (at, found) = match self.tokens.get(self.next) {
            None => (self.text.chars().count() + 1, "the end".to_string()),
            Some((at, Token::Name(name))) => (*at, name.clone()),
            Some((at, Token::Number(number))) => (*at, number.to_string()),
            Some((at, Token::Mark(mark))) => (*at, mark.to_string()),
            Some((at, Token::Squared)) => (*at, "‖²".into()),
        };
        self.syntax(at, &found, expected)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self, mark: char) -> bool {
        let here = self.peek() == Some(&Token::Mark(mark));
        self.next += usize::from(here);
        here
    }

    fn expect(&mut self, mark: char) -> Result<(), Problem> {
        match self.take(mark) {
            true => Ok(()),
            false => Err(self.unexpected(&mark.to_string())),
        }
    }

    fn end(&self) -> Result<(), Problem> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end")),
        }
    }

    fn node(&mut self, op: Op, children: impl Into<Vec<Term>>) -> Result<Term, Problem> {
        self.nodes += 1;
        if self.nodes > LARGEST_TERM {
            return Err(Problem::TooLarge { size: self.nodes });
        }
        Ok(Term::Node(op, children.into()))
    }

    fn sum(&mut self) -> Result<Term, Problem> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.unexpected(&format!("brackets nested at most {DEEPEST} deep")));
        }
        let mut sum = self.scaled()?;
        while self.take('+') {
            let next = self.scaled()?;
            sum = self.node(Op::Add, [sum, next])?;
        }
        self.depth -= 1;
        Ok(sum)
    }

    /// The scalars of s · t · A are gathered first: a long chain is no deep recursion.
    fn scaled(&mut self) -> Result<Term, Problem> {
        let mut scalars = vec![];
        let mut last = self.product()?;
        while self.take('·') {
            scalars.push(last);
            last = self.product()?;
        }
        for scalar in scalars.into_iter().rev() {
            last = self.node(Op::Scale, [scalar, last])?;
        }
        Ok(last)
    }

    fn product(&mut self) -> Result<Term, Problem> {
        let mut product = self.factor()?;
        while matches!(
            self.peek(),
            Some(Token::Name(_) | Token::Number(_) | Token::Mark('(' | '[' | '‖'))
        ) {
            let next = self.factor()?;
            product = self.node(Op::Mul, [product, next])?;
        }
        Ok(product)
    }

    fn factor(&mut self) -> Result<Term, Problem> {
        let mut factor = self.atom()?;
        while self.take('ᵀ') {
            factor = self.node(Op::Transpose, [factor])?;
        }
        Ok(factor)
    }

    fn atom(&mut self) -> Result<Term, Problem> {
        let expected = "a name, 0[m×n], I[n], ( , [ or ‖";
        let token = self
            .peek()
            .cloned()
            .ok_or_else(|| self.unexpected(expected))?;
        match token {
            Token::Number(0) => {
                self.next += 1;
                self.expect('[')?;
                let rows = self.dimension()?;
                self.expect('×')?;
                let columns = self.dimension()?;
                self.expect(']')?;
                Ok(Term::Zero(rows, columns))
            }
            Token::Name(name) if name == "I" => {
                self.next += 1;
                self.expect('[')?;
                let n = self.dimension()?;
                self.expect(']')?;
                Ok(Term::Identity(n))
            }
            Token::Name(name) => {
                self.next += 1;
                if !self.signature.functions.contains(&name) {
                    return Ok(Term::Variable(name));
                }
                self.expect('(')?;
                let argument = self.sum()?;
                self.expect(')')?;
                self.node(Op::Apply(name), [argument])
            }
            Token::Mark('(') => {
                self.next += 1;
                let inner = self.sum()?;
                self.expect(')')?;
                Ok(inner)
            }
            Token::Mark('[') => {
                self.next += 1;
                let first = self.sum()?;
                let op = match (self.take(','), self.take(';')) {
                    (true, false) => Op::Hcat,
                    (false, true) => Op::Vcat,
                    _ => return Err(self.unexpected(", or ;")),
                };
                let second = self.sum()?;
                self.expect(']')?;
                self.node(op, [first, second])
            }
            Token::Mark('‖') => {
                self.next += 1;
                let inner = self.sum()?;
                if self.peek() != Some(&Token::Squared) {
                    return Err(self.unexpected("‖²"));
                }
                self.next += 1;
                // ‖A‖² for a matrix would be AᵀA, which nobody reads it as.
                let columns = self.signature.shape(&inner)?.columns;
                if columns != Dimension::number(1) {
                    return Err(self.syntax(1, &format!("‖ ‖² of {columns} columns"), "a column"));
                }
                let transposed = self.node(Op::Transpose, [inner.clone()])?;
                self.nodes += inner.size();
                self.node(Op::Mul, [transposed, inner])
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn dimension(&mut self) -> Result<Dimension, Problem> {
        let mut sum = Dimension::number(0);
        loop {
            let summand = match self.peek() {
                Some(Token::Number(number)) => Dimension::number(*number),
                Some(Token::Name(name)) if self.signature.dimensions.contains(name) => {
                    Dimension::name(name)
                }
                Some(Token::Name(name)) => return Err(Problem::unknown("dimension", name)),
                _ => return Err(self.unexpected("the name of a dimension, or a number")),
            };
            self.next += 1;
            let refuse = || self.syntax(1, "a dimension", "one that can be held");
            sum = sum.plus(&summand).ok_or_else(refuse)?;
            if !self.take('+') {
                return Ok(sum);
            }
        }
    }
}
