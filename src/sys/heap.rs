//! The heap: small pieces that were given back are kept for the next who asks, and go back to the system never.
//!
//! A judgement takes and gives back thousands of small pieces. musl's own heap looks through its groups for each, and maps and
//! unmaps a page whenever the last piece of one is given back: a third of the time that a script took.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

/// Sizes are rounded up to so many bytes.
const STEP: usize = 32;
/// How many sizes are kept: up to a kilobyte.
const SIZES: usize = 33;
/// The alignment of every piece that is kept.
const ALIGNMENT: usize = 16;

/// The heap of this program.
pub struct Heap;

thread_local! {
    /// The first free piece of each size; each holds the address of the next. Threads have their own, so that nothing is locked.
    static FREE: [Cell<*mut u8>; SIZES] = const { [const { Cell::new(ptr::null_mut()) }; SIZES] };
}

/// The place in [`FREE`] for pieces of this layout; `None` for those that are not kept.
fn place_of(layout: Layout) -> Option<usize> {
    let place = layout.size().div_ceil(STEP);
    (place < SIZES && place > 0 && layout.align() <= ALIGNMENT).then_some(place)
}

/// What is asked of the system for a piece that is kept.
fn whole(place: usize) -> Layout {
    // SAFETY: the alignment is a power of two, and the size at most a kilobyte.
    unsafe { Layout::from_size_align_unchecked(place * STEP, ALIGNMENT) }
}

// SAFETY: every piece comes from the system's heap, for a layout that depends on its place alone, which is at least as large and as aligned
// as the one that was asked for. A piece is in one list at most: it is taken out when it is given away, and put in when it is given back.
// A list belongs to one thread, and a piece may be given back by another, whose list it then is in.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: for what is not kept, the caller's promise is passed on.
        let Some(place) = place_of(layout) else { return unsafe { System.alloc(layout) } };
        FREE.with(|free| {
            let Some(list) = free.get(place) else { return ptr::null_mut() };
            let first = list.get();
            if first.is_null() {
                // SAFETY: the size is not zero.
                return unsafe { System.alloc(whole(place)) };
            }
            // SAFETY: a piece in a list is ours, is aligned, and begins with the address of the next.
            list.set(unsafe { first.cast::<*mut u8>().read() });
            first
        })
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        // SAFETY: as above.
        let Some(place) = place_of(layout) else { return unsafe { System.dealloc(piece, layout) } };
        FREE.with(|free| {
            let Some(list) = free.get(place) else { return };
            // SAFETY: the caller gives the piece back; it is at least 32 bytes long, and aligned.
            unsafe { piece.cast::<*mut u8>().write(list.get()) };
            list.set(piece);
        });
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size, rounded up to the alignment, does not overflow.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (place_of(layout), place_of(wanted)) {
            (None, None) => {
                // SAFETY: the piece is the system's, for this layout.
                unsafe { System.realloc(piece, layout, size) }
            }
            (own, other) if own == other => piece,
            (Some(_), _) | (None, Some(_)) => {
                // SAFETY: both pieces are at least as long as what is copied, and are not the same.
                unsafe {
                    let other = self.alloc(wanted);
                    if !other.is_null() {
                        ptr::copy_nonoverlapping(piece, other, layout.size().min(size));
                        self.dealloc(piece, layout);
                    }
                    other
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_that_was_given_back_is_given_away_again_and_keeps_what_is_written() {
        let layout = |size| Layout::from_size_align(size, 8).expect("a layout");
        // SAFETY: each piece is given back once, with the layout that it has by then.
        unsafe {
            let first = Heap.alloc(layout(100));
            first.write_bytes(7, 100);
            let same = Heap.realloc(first, layout(100), 120);
            assert_eq!(first, same);
            let grown = Heap.realloc(same, layout(120), 5_000);
            assert!((0..100).all(|at| grown.add(at).read() == 7));
            let again = Heap.alloc(layout(128));
            assert_eq!(again, first);
            let shrunk = Heap.realloc(grown, layout(5_000), 10);
            assert!((0..10).all(|at| shrunk.add(at).read() == 7));
            Heap.dealloc(shrunk, layout(10));
            Heap.dealloc(again, layout(128));
        }
    }
}
