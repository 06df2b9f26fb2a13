//! Why no reader stands still.

use std::cell::Cell;

/// How often a reader may still look at what comes next.
///
/// Each look takes one, moving or not, and there are as many as a text of this length can need. So a loop that does not move, or that
/// looks far ahead at each place, comes to what looks like the end of the text, and the reader says that it was cut there.
#[derive(Debug)]
pub(crate) struct Patience {
    left: Cell<usize>,
}

/// Looks for each thing that is looked at: seven times what hostile texts need, ten times what others do.
const LOOKS: usize = 400;
/// Looks for a text that is next to nothing.
const ANYWAY: usize = 20_000;

impl Patience {
    /// Enough for so many bytes or tokens.
    pub(crate) fn for_length(length: usize) -> Self {
        Patience { left: Cell::new(length.saturating_mul(LOOKS).saturating_add(ANYWAY)) }
    }

    /// Takes a look; `false` when there is none left.
    pub(crate) fn look(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    /// Was the last look taken?
    pub(crate) fn is_gone(&self) -> bool {
        self.left.get() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_that_does_not_move_ends() {
        let patience = Patience::for_length(3);
        let mut looks = 0;
        while patience.look() {
            looks += 1;
        }
        assert_eq!(looks, 3 * LOOKS + ANYWAY);
        assert!(patience.is_gone() && !patience.look());
    }
}
