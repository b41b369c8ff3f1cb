//! The text of a script as lists of commands. Words are kept as they are written: they are expanded when they are due.

/// What is wrong with a script.
pub(crate) type Problem = String;

/// One step, and what its outcome means for the next.
pub(crate) enum Step {
    /// A command: always run.
    Always(Command),
    /// After `&&`.
    AfterSuccess(Command),
    /// After `||`.
    AfterFailure(Command),
}

/// One command.
pub(crate) enum Command {
    /// Assignments, words and redirections.
    Simple(Vec<String>),
    /// `case WORD in PATTERN) … ;; esac`.
    Case(String, Vec<(String, Vec<Step>)>),
    /// `for NAME in WORDS`; without words, over the arguments.
    For(String, Option<Vec<String>>, Vec<Step>),
}

/// The commands of a script.
///
/// # Errors
/// What is not understood.
pub(crate) fn parse(text: &str) -> Result<Vec<Step>, Problem> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let list = parser.list(&[])?;
    match parser.tokens.get(parser.at) {
        None => Ok(list),
        Some(token) => Err(format!("`{token}` stands alone")),
    }
}

/// Words and operators; a line's end is `;`.
fn tokens(text: &str) -> Result<Vec<String>, Problem> {
    let (mut tokens, mut word) = (Vec::new(), String::new());
    let mut letters = text.chars().peekable();
    let end = |word: &mut String, tokens: &mut Vec<String>| {
        if !word.is_empty() {
            tokens.push(std::mem::take(word));
        }
    };
    while let Some(letter) = letters.next() {
        match letter {
            '#' if word.is_empty() => while letters.next_if(|next| *next != '\n').is_some() {},
            ' ' | '\t' | '\r' => end(&mut word, &mut tokens),
            '\n' | ';' | '&' | '|' | ')' => {
                end(&mut word, &mut tokens);
                let mut token = if letter == '\n' { ';' } else { letter }.to_string();
                token.extend(letters.next_if(|next| *next == letter && letter != '\n'));
                tokens.push(token);
            }
            '<' | '>' => {
                end(&mut word, &mut tokens);
                let mut token = letter.to_string();
                token.extend(letters.next_if_eq(&'>'));
                if letters.next_if_eq(&'&').is_some() {
                    token.push('&');
                }
                tokens.push(token);
            }
            _ => {
                word.push(letter);
                let rest = match letter {
                    '\'' | '"' => quoted(letter, &mut letters)?,
                    '\\' => letters.next().into_iter().collect(),
                    '$' => match letters.peek() {
                        Some('(') => nested('(', ')', &mut letters)?,
                        Some('{') => nested('{', '}', &mut letters)?,
                        _ => String::new(),
                    },
                    _ => String::new(),
                };
                word.push_str(&rest);
            }
        }
    }
    end(&mut word, &mut tokens);
    Ok(tokens)
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// The rest of a quoted part, its end included.
fn quoted(quote: char, letters: &mut Letters<'_>) -> Result<String, Problem> {
    let mut part = String::new();
    while let Some(letter) = letters.next() {
        part.push(letter);
        match letter {
            '\\' if quote == '"' => part.extend(letters.next()),
            _ if letter == quote => return Ok(part),
            _ => {}
        }
    }
    Err(format!("{quote} has no end"))
}

/// What stands in brackets, with them.
fn nested(open: char, close: char, letters: &mut Letters<'_>) -> Result<String, Problem> {
    let (mut part, mut depth) = (String::new(), 0);
    for letter in letters.by_ref() {
        part.push(letter);
        depth += i32::from(letter == open) - i32::from(letter == close);
        if depth == 0 {
            return Ok(part);
        }
    }
    Err(format!("{open} has no end"))
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Result<String, Problem> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.ok_or_else(|| "the script ends too early".to_owned())
    }

    fn take(&mut self, token: &str) -> bool {
        let is_it = self.peek() == Some(token);
        self.at += usize::from(is_it);
        is_it
    }

    fn want(&mut self, token: &str) -> Result<(), Problem> {
        match self.next()? {
            found if found == token => Ok(()),
            found => Err(format!("`{found}` stands where `{token}` should")),
        }
    }

    /// Steps up to one of these words, which is left.
    fn list(&mut self, ends: &[&str]) -> Result<Vec<Step>, Problem> {
        let mut list = Vec::new();
        loop {
            while self.take(";") {}
            match self.peek() {
                None => return Ok(list),
                Some(token) if ends.contains(&token) => return Ok(list),
                Some(_) => list.push(Step::Always(self.command()?)),
            }
            loop {
                if self.take("&&") {
                    list.push(Step::AfterSuccess(self.command()?));
                } else if self.take("||") {
                    list.push(Step::AfterFailure(self.command()?));
                } else {
                    break;
                }
            }
        }
    }

    fn command(&mut self) -> Result<Command, Problem> {
        while self.take(";") {}
        if self.take("case") {
            let word = self.next()?;
            self.want("in")?;
            let mut arms = Vec::new();
            loop {
                while self.take(";") {}
                if self.take("esac") {
                    return Ok(Command::Case(word, arms));
                }
                let pattern = self.next()?;
                self.want(")")?;
                arms.push((pattern, self.list(&[";;", "esac"])?));
                self.take(";;");
            }
        }
        if self.take("for") {
            let name = self.next()?;
            let mut words = None;
            if self.take("in") {
                let words = words.insert(Vec::new());
                while self.peek().is_some_and(|token| token != ";") {
                    words.push(self.next()?);
                }
            }
            while self.take(";") {}
            self.want("do")?;
            let body = self.list(&["done"])?;
            self.want("done")?;
            return Ok(Command::For(name, words, body));
        }
        let mut words = Vec::new();
        while let Some(token) = self.peek() {
            if [";", ";;", "&&", "||", ")", "&", "|"].contains(&token) {
                break;
            }
            words.push(self.next()?);
        }
        match words.is_empty() {
            true => Err(format!("`{}` is not understood", self.next()?)),
            false => Ok(Command::Simple(words)),
        }
    }
}
