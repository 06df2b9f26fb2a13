//! Reserved words (bash(1), RESERVED WORDS). They count only where a command may begin, and only without quotes.

use super::reader::{Read, Reader, is_metacharacter};

/// A reserved word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Bang,
    Case,
    Coproc,
    Do,
    Done,
    Elif,
    Else,
    Esac,
    Fi,
    For,
    Function,
    If,
    In,
    Select,
    Then,
    Until,
    While,
    Open,
    Close,
    Time,
    Test,
}

impl Keyword {
    fn of(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"!" => Self::Bang,
            b"case" => Self::Case,
            b"coproc" => Self::Coproc,
            b"do" => Self::Do,
            b"done" => Self::Done,
            b"elif" => Self::Elif,
            b"else" => Self::Else,
            b"esac" => Self::Esac,
            b"fi" => Self::Fi,
            b"for" => Self::For,
            b"function" => Self::Function,
            b"if" => Self::If,
            b"in" => Self::In,
            b"select" => Self::Select,
            b"then" => Self::Then,
            b"until" => Self::Until,
            b"while" => Self::While,
            b"{" => Self::Open,
            b"}" => Self::Close,
            b"time" => Self::Time,
            b"[[" => Self::Test,
            _ => return None,
        })
    }

    /// Whether it can only end what another word began.
    pub(super) fn closes(self) -> bool {
        match self {
            Self::Do | Self::Done | Self::Elif | Self::Else | Self::Esac | Self::Fi | Self::Then | Self::Close => true,
            Self::Bang
            | Self::Case
            | Self::Coproc
            | Self::For
            | Self::Function
            | Self::If
            | Self::In
            | Self::Select
            | Self::Until
            | Self::While
            | Self::Open
            | Self::Time
            | Self::Test => false,
        }
    }
}

impl Reader<'_> {
    /// The reserved word that stands here, and where it ends. Line continuations inside it count for nothing, as in bash.
    pub(super) fn keyword(&mut self) -> Option<(Keyword, usize)> {
        let mut word = [0; 8];
        let mut length = 0;
        let mut at = self.joined(self.at);
        // Every command is asked several times, and most begin otherwise.
        if !matches!(self.byte(at)?, b'!' | b'[' | b'c'..=b'f' | b'i' | b's'..=b'u' | b'w' | b'{' | b'}') {
            return None;
        }
        while let Some(byte) = self.byte(at).filter(|_| self.looks()) {
            if is_metacharacter(byte) {
                // `if<(x)` is one word.
                if matches!(byte, b'<' | b'>') && self.byte(self.joined(at + 1)) == Some(b'(') {
                    return None;
                }
                break;
            }
            *word.get_mut(length)? = byte;
            length += 1;
            at = self.joined(at + 1);
        }
        Some((Keyword::of(word.get(..length)?)?, at))
    }

    /// Passes this reserved word if it stands here.
    pub(super) fn eat_keyword(&mut self, wanted: Keyword) -> bool {
        match self.keyword() {
            Some((keyword, end)) if keyword == wanted => {
                self.at = end;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Passes this reserved word, which must stand here.
    pub(super) fn expect_keyword(&mut self, wanted: Keyword) -> Read<()> {
        if self.eat_keyword(wanted) { Ok(()) } else { self.refuse() }
    }
}
