//! The filter of kernel calls, as a value: what it refuses, and the program that the kernel runs before each call.
//!
//! Landlock keeps what it knows of. The filter takes away what it does not know of, what changes the ground on which walls
//! stand, and doors into the kernel that development hardly ever opens. It decides by numbers and plain arguments only:
//! what a pointer leads to could change after it was looked at.

use super::call::{self, Call, Convention};
use crate::sys::filter::Instruction;
use nix::errno::Errno;

/// What a filter may leave open, if policy passes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// New namespaces: the sandboxes of browsers, `unshare`.
    Namespaces,
    /// `perf` and `rr`.
    Perf,
    /// Asynchronous calls through shared memory, which this filter does not see.
    Rings,
    /// The kernel's keyrings.
    Keyrings,
}

/// The passes, by the names that policy uses.
const OPENINGS: [(&str, Opening); 4] = [
    ("kernel.namespaces", Opening::Namespaces),
    ("kernel.perf", Opening::Perf),
    ("kernel.io_uring", Opening::Rings),
    ("kernel.keyrings", Opening::Keyrings),
];

/// A filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// What it leaves open.
    pub openings: Vec<Opening>,
}

/// `CLONE_NEWNS`, `NEWCGROUP`, `NEWUTS`, `NEWIPC`, `NEWUSER`, `NEWPID`, `NEWNET` (clone(2)).
const NEW_NAMESPACES: u32 = 0x7E02_0000;
/// `CLONE_NEWTIME`, which only unshare(2) takes: for clone(2) it is a part of the signal's number.
const NEW_TIME: u32 = 0x80;
/// Puts a character into a terminal's input (ioctl_tty(2)), as if it had been typed there.
const TIOCSTI: u32 = 0x5412;
/// Among others, pastes a selection into a console's input (ioctl_console(2)).
const TIOCLINUX: u32 = 0x541C;
/// They change what keys of a console mean, for whoever types there next: `KDSKBENT`, `KDSKBSENT`, `KDSETKEYCODE`, `KDSKBDIACR`,
/// `KDSKBDIACRUC` (ioctl_console(2)).
const KEYS: [u32; 5] = [0x4B47, 0x4B49, 0x4B4D, 0x4B4B, 0x4BFB];
/// Asks for the personality and changes nothing (personality(2)).
const ASK: u32 = 0xFFFF_FFFF;
/// `PER_LINUX32`, `UNAME26`, and `ADDR_NO_RANDOMIZE`, which debuggers and sanitizers set. Others map page zero, make what is readable
/// executable, or let old calls in.
const PERSONALITIES: u32 = 0x0006_0008;
/// Numbers from here on are x32's, which has the mark of 64-bit x86.
const X32: u32 = 0x4000_0000;

impl Filter {
    /// The filter for a command that was passed these ids.
    pub(super) fn with_passes(passes: &[String]) -> Filter {
        let passed = OPENINGS.iter().filter(|(id, _)| passes.iter().any(|pass| pass == id));
        Filter { openings: passed.map(|(_, opening)| *opening).collect() }
    }

    /// The program for this machine; `None` where its numbers are not known.
    pub(super) fn program(&self) -> Option<Vec<Instruction>> {
        if cfg!(target_arch = "x86_64") {
            Some(self.write([Convention::X86, Convention::X86Small]))
        } else if cfg!(target_arch = "aarch64") {
            Some(self.write([Convention::Arm, Convention::ArmSmall]))
        } else {
            None
        }
    }

    /// One part for each convention that the kernel answers; anything else is as if it were not there.
    fn write(&self, conventions: [Convention; 2]) -> Vec<Instruction> {
        let mut program = vec![load(ARCHITECTURE)];
        for convention in conventions {
            let part = self.part(convention);
            // A conditional jump reaches 255 instructions, which a part may outgrow.
            program.push(jump_if(Test::Equal, convention.mark(), 1, 0));
            program.push(jump(part.len()));
            program.extend(part);
        }
        program.push(answer(refusal(Errno::ENOSYS)));
        program
    }

    fn part(&self, convention: Convention) -> Vec<Instruction> {
        let mut on = Part { convention, answers: Vec::new() };
        for call in call::MOUNTS.into_iter().chain(call::KERNEL_CODE).chain(call::SIDE_DOORS) {
            on.refuse(call, Errno::EPERM);
        }
        if !self.opens(Opening::Keyrings) {
            call::KEYRINGS.into_iter().for_each(|call| on.refuse(call, Errno::EPERM));
        }
        if !self.opens(Opening::Perf) {
            on.refuse(call::BPF, Errno::EPERM);
            on.refuse(call::PERF_EVENT_OPEN, Errno::EPERM);
        }
        if !self.opens(Opening::Rings) {
            // As on a kernel without it: libraries then do without.
            call::RINGS.into_iter().for_each(|call| on.refuse(call, Errno::ENOSYS));
        }
        if !self.opens(Opening::Namespaces) {
            // Its flags lie behind a pointer. The C libraries try clone(2) next.
            on.refuse(call::CLONE3, Errno::ENOSYS);
            on.refuse(call::SETNS, Errno::EPERM);
            on.refuse_bits(call::CLONE, NEW_NAMESPACES);
            on.refuse_bits(call::UNSHARE, NEW_NAMESPACES | NEW_TIME);
        }
        on.refuse_terminal_input();
        on.refuse_other_personalities();
        on.answers.sort_by_key(|(number, _)| *number);
        let mut part = vec![load(NUMBER)];
        if convention == Convention::X86 {
            part.extend([jump_if(Test::AtLeast, X32, 0, 1), answer(refusal(Errno::ENOSYS))]);
        }
        part.extend(search(&on.answers));
        part
    }

    fn opens(&self, opening: Opening) -> bool {
        self.openings.contains(&opening)
    }
}

/// What is answered to a call, by its number.
type Answer = (u32, Vec<Instruction>);

/// The part for one convention, while it is gathered.
struct Part {
    convention: Convention,
    answers: Vec<Answer>,
}

impl Part {
    fn answer(&mut self, call: Call, with: Vec<Instruction>) {
        self.answers.extend(call.number(self.convention).map(|number| (number, with)));
    }

    fn refuse(&mut self, call: Call, errno: Errno) {
        self.answer(call, vec![answer(refusal(errno))]);
    }

    /// Refuses a call whose first argument has one of these bits.
    fn refuse_bits(&mut self, call: Call, bits: u32) {
        self.answer(
            call,
            vec![load(argument(0)), jump_if(Test::AnyBit, bits, 0, 1), answer(refusal(Errno::EPERM)), answer(ALLOW)],
        );
    }

    /// The kernel looks at the lower half of the request only (ioctl(2)).
    fn refuse_terminal_input(&mut self) {
        let mut program = vec![load(argument(1))];
        for request in [TIOCSTI, TIOCLINUX].into_iter().chain(KEYS) {
            program.extend([jump_if(Test::Equal, request, 0, 1), answer(refusal(Errno::EPERM))]);
        }
        program.push(answer(ALLOW));
        self.answer(call::IOCTL, program);
    }

    fn refuse_other_personalities(&mut self) {
        let values = [jump_if(Test::Equal, ASK, 2, 0), jump_if(Test::AnyBit, !PERSONALITIES, 0, 1)];
        let answers = [answer(refusal(Errno::EPERM)), answer(ALLOW)];
        self.answer(call::PERSONALITY, [load(argument(0))].into_iter().chain(values).chain(answers).collect());
    }
}

/// Looks the call's number, which is in the register, up among sorted ones: what is not found is allowed. By halves, because the
/// kernel walks the program once for every call that it knows when the filter is installed (a tenth of a millisecond in a row).
fn search(answers: &[Answer]) -> Vec<Instruction> {
    const FEW: usize = 4;
    if answers.len() > FEW {
        let (lower, upper) = answers.split_at(answers.len() / 2);
        let first = upper.first().map_or(0, |(number, _)| *number);
        let below = search(lower);
        let over = u8::try_from(below.len()).unwrap_or(u8::MAX);
        return [jump_if(Test::AtLeast, first, over, 0)].into_iter().chain(below).chain(search(upper)).collect();
    }
    let one = |(number, with): &Answer| {
        let over = u8::try_from(with.len()).unwrap_or(u8::MAX);
        [jump_if(Test::Equal, *number, 0, over)].into_iter().chain(with.clone()).collect::<Vec<_>>()
    };
    answers.iter().flat_map(one).chain([answer(ALLOW)]).collect()
}

// Places in `struct seccomp_data` (seccomp(2)).
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;

/// The lower half of an argument. Both architectures are little-endian.
fn argument(place: u32) -> u32 {
    16 + 8 * place
}

// The classic filter machine (seccomp(2), <linux/bpf_common.h>).
const LOAD_WORD: u16 = 0x20;
const JUMP: u16 = 0x05;
const RETURN: u16 = 0x06;
const ALLOW: u32 = 0x7FFF_0000;
const ERROR: u32 = 0x0005_0000;

/// What a jump asks of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Equal,
    AtLeast,
    AnyBit,
}

fn load(place: u32) -> Instruction {
    Instruction { code: LOAD_WORD, on_true: 0, on_false: 0, value: place }
}

fn jump_if(test: Test, value: u32, on_true: u8, on_false: u8) -> Instruction {
    let code = match test {
        Test::Equal => 0x15,
        Test::AtLeast => 0x35,
        Test::AnyBit => 0x45,
    };
    Instruction { code, on_true, on_false, value }
}

/// Jumps over so many instructions.
fn jump(length: usize) -> Instruction {
    Instruction { code: JUMP, on_true: 0, on_false: 0, value: u32::try_from(length).unwrap_or(u32::MAX) }
}

fn answer(value: u32) -> Instruction {
    Instruction { code: RETURN, on_true: 0, on_false: 0, value }
}

fn refusal(errno: Errno) -> u32 {
    ERROR | errno as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel would answer: 0 for allowed, or the error's number.
    fn ask(program: &[Instruction], mark: u32, number: u32, arguments: [u64; 2]) -> u32 {
        let mut words = vec![number, mark, 0, 0];
        for argument in arguments {
            words.extend([argument as u32, (argument >> 32) as u32]);
        }
        let (mut at, mut register) = (0_usize, 0_u32);
        loop {
            let instruction = program[at];
            at += 1;
            let Instruction { code, on_true, on_false, value } = instruction;
            let holds = match code {
                LOAD_WORD => {
                    register = words[value as usize / 4];
                    continue;
                }
                JUMP => {
                    at += value as usize;
                    continue;
                }
                RETURN if value == ALLOW => return 0,
                RETURN => return value & 0xFFFF,
                0x15 => register == value,
                0x35 => register >= value,
                0x45 => register & value != 0,
                _ => panic!("{instruction:?} is not known"),
            };
            at += usize::from(if holds { on_true } else { on_false });
        }
    }

    const PAIRS: [[Convention; 2]; 2] =
        [[Convention::X86, Convention::X86Small], [Convention::Arm, Convention::ArmSmall]];

    fn each(filter: &Filter, check: impl Fn(Convention, &dyn Fn(Call, [u64; 2]) -> u32)) {
        for pair in PAIRS {
            let program = filter.write(pair);
            for convention in pair {
                check(convention, &|call, arguments| match call.number(convention) {
                    Some(number) => ask(&program, convention.mark(), number, arguments),
                    None => Errno::EPERM as u32,
                });
            }
        }
    }

    #[test]
    fn what_changes_the_ground_is_refused_in_every_convention() {
        each(&Filter::default(), |convention, ask| {
            for call in call::MOUNTS.into_iter().chain(call::KERNEL_CODE).chain(call::SIDE_DOORS).chain(call::KEYRINGS)
            {
                assert_eq!(ask(call, [0, 0]), Errno::EPERM as u32, "{convention:?} {call:?}");
            }
            for call in [call::BPF, call::PERF_EVENT_OPEN, call::SETNS] {
                assert_eq!(ask(call, [0, 0]), Errno::EPERM as u32, "{convention:?} {call:?}");
            }
            for call in call::RINGS.into_iter().chain([call::CLONE3]) {
                assert_eq!(ask(call, [0, 0]), Errno::ENOSYS as u32, "{convention:?} {call:?}");
            }
        });
    }

    #[test]
    fn processes_and_threads_are_made_and_namespaces_are_not() {
        let thread = 0x003D_0F00;
        let fork = 0x0120_0011;
        each(&Filter::default(), |convention, ask| {
            for flags in [thread, fork, 17, 0x4111] {
                assert_eq!(ask(call::CLONE, [flags, 0]), 0, "{convention:?} {flags:x}");
            }
            for flag in [0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
                assert_eq!(ask(call::CLONE, [flag | 17, 0]), Errno::EPERM as u32, "{convention:?} {flag:x}");
                assert_eq!(ask(call::UNSHARE, [flag, 0]), Errno::EPERM as u32, "{convention:?} {flag:x}");
            }
            assert_eq!(ask(call::UNSHARE, [0x80, 0]), Errno::EPERM as u32, "{convention:?}");
            assert_eq!(ask(call::UNSHARE, [0x0600, 0]), 0, "files and directories of one's own: {convention:?}");
        });
    }

    #[test]
    fn terminals_cannot_be_typed_into_whatever_the_upper_half_says() {
        each(&Filter::default(), |convention, ask| {
            for request in [0x5412, 0x541C, 0xFFFF_FFFF_0000_5412, 0x4B47, 0x4B49, 0x4B4D, 0x4B4B, 0x4BFB] {
                assert_eq!(ask(call::IOCTL, [0, request]), Errno::EPERM as u32, "{convention:?} {request:x}");
            }
            for request in [0x5401, 0x5413, 0x541B, 0x8004_6600, 0x4B46, 0x4B48] {
                assert_eq!(ask(call::IOCTL, [0, request]), 0, "{convention:?} {request:x}");
            }
        });
    }

    #[test]
    fn debuggers_switch_randomisation_off_and_nobody_maps_page_zero() {
        each(&Filter::default(), |convention, ask| {
            for allowed in [0, 8, 0xFFFF_FFFF, 0x0004_0000, 0x0004_0008, 0x0002_0000] {
                assert_eq!(ask(call::PERSONALITY, [allowed, 0]), 0, "{convention:?} {allowed:x}");
            }
            for refused in [0x0010_0000, 0x0040_0000, 0x0001_0000, 0x0044_0000, 0x0800_0000] {
                assert_eq!(ask(call::PERSONALITY, [refused, 0]), Errno::EPERM as u32, "{convention:?} {refused:x}");
            }
        });
    }

    #[test]
    fn other_conventions_and_x32_are_not_there() {
        let program = Filter::default().write(PAIRS[0]);
        assert_eq!(ask(&program, Convention::X86.mark(), 0x4000_0000 | 165, [0, 0]), Errno::ENOSYS as u32);
        assert_eq!(ask(&program, Convention::X86.mark(), 0x4000_0001, [0, 0]), Errno::ENOSYS as u32);
        assert_eq!(ask(&program, Convention::Arm.mark(), 63, [0, 0]), Errno::ENOSYS as u32);
        assert_eq!(ask(&program, Convention::X86.mark(), 1, [0, 0]), 0);
        assert_eq!(ask(&program, Convention::X86Small.mark(), 4, [0, 0]), 0);
    }

    #[test]
    fn what_policy_passes_is_left_open_and_nothing_else() {
        let open = Filter::with_passes(&["kernel.namespaces".into(), "kernel.io_uring".into(), "cloud.aws".into()]);
        each(&open, |convention, ask| {
            assert_eq!(ask(call::CLONE, [0x1000_0011, 0]), 0, "{convention:?}");
            assert_eq!(ask(call::CLONE3, [0, 0]), 0, "{convention:?}");
            assert_eq!(ask(call::RINGS[0], [0, 0]), 0, "{convention:?}");
            assert_eq!(ask(call::BPF, [0, 0]), Errno::EPERM as u32, "{convention:?}");
            assert_eq!(ask(call::MOUNTS[0], [0, 0]), Errno::EPERM as u32, "{convention:?}");
        });
    }

    #[test]
    fn no_jump_is_longer_than_it_can_be() {
        for convention in PAIRS.concat() {
            assert!(Filter::default().part(convention).len() < 256, "{convention:?}");
        }
    }

    #[test]
    fn every_other_call_is_allowed() {
        let named: Vec<u32> = Filter::default()
            .part(Convention::X86)
            .iter()
            .filter(|one| one.code == 0x15)
            .map(|one| one.value)
            .collect();
        let program = Filter::default().write(PAIRS[0]);
        let allowed = (0..600).filter(|number| !named.contains(number));
        for number in allowed {
            assert_eq!(ask(&program, Convention::X86.mark(), number, [0, 0]), 0, "{number}");
        }
    }
}
