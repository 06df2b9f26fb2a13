//! For who reads and writes rules: `holdpoint rules list|show|test|lint|new|schema`.

use super::{exit, say_failure};
use crate::config::pack_file::{beside_built_in, name_is_taken, parse_pack, show};
use crate::decide::action::Rules;
use crate::decide::action::pack::{Pack, Rule};
use crate::decide::shown::Shown;
use crate::decide::trial::{self, Flaw};
use crate::pipeline::World;

/// JSON Schemas, for editors that complete what is typed.
const SCHEMAS: [(&str, &str); 2] = [
    ("pack", include_str!("../../rules/schema/pack.json")),
    ("policy", include_str!("../../rules/schema/policy.json")),
];

/// A pack to begin with; `NAME` stands for the pack's and the program's name.
const TEMPLATE: &str = include_str!("../../rules/schema/new.yaml");

/// Does what was asked about rules.
#[must_use]
pub(super) fn rules(given: &clap::ArgMatches) -> i32 {
    match given.subcommand() {
        Some(("show", given)) => with_rules(|rules| explain(rules, super::text(given, "id"))),
        Some(("test", given)) => look_over(given, trial::flaws, "every trial ends as it should"),
        Some(("lint", given)) => look_over(given, trial::flaws_of_form, "well formed"),
        Some(("new", given)) => begin(super::text(given, "name")),
        Some(("schema", given)) => schema(super::text(given, "of")),
        _ => with_rules(list),
    }
}

/// The rules that apply here, those of pack files among them.
fn with_rules(act: impl FnOnce(Rules) -> i32) -> i32 {
    match World::look() {
        Ok(world) => act(world.packs.rules),
        Err(error) => say_failure(&error, exit::FAILED),
    }
}

fn all(rules: Rules) -> impl Iterator<Item = &'static Rule> {
    rules.packs().flat_map(|pack| pack.rules.iter())
}

fn list(rules: Rules) -> i32 {
    all(rules).for_each(|rule| println!("{:<36} {}", Shown(&rule.id), Shown(&rule.why)));
    0
}

fn explain(rules: Rules, id: &str) -> i32 {
    let Some(rule) = all(rules).find(|rule| *rule.id == *id) else {
        return say_failure(&format!("there is no rule {}; holdpoint rules list names them", Shown(id)), exit::USAGE);
    };
    println!("{}\n  {}", Shown(&rule.id), Shown(&rule.why));
    println!(
        "  does:    {} {}, reach {}, reversal {}",
        rule.does.verb.label(),
        Shown(&rule.does.resource),
        rule.does.reach.label(),
        rule.does.reversal.label()
    );
    if let Some(instead) = rule.instead {
        println!("  instead: {}", Shown(&instead));
    }
    rule.holds.iter().for_each(|trial| println!("  holds:   {}", Shown(trial)));
    rule.passes.iter().for_each(|trial| println!("  passes:  {}", Shown(trial)));
    0
}

type Check = fn(&Pack, Rules) -> Vec<Flaw>;

/// Looks for flaws in a file's pack, or in every pack that applies here.
fn look_over(given: &clap::ArgMatches, check: Check, praise: &str) -> i32 {
    let Some(path) = given.get_one::<String>("file") else {
        return with_rules(|rules| {
            let flaws: Vec<Flaw> = rules.packs().flat_map(|pack| check(pack, rules)).collect();
            flaws.iter().for_each(|flaw| eprintln!("{}", Shown(&flaw.to_string())));
            sum_up(all(rules), flaws.len(), praise)
        });
    };
    let read = std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", Shown(path)));
    let text = match read {
        Ok(text) => text,
        Err(error) => return say_failure(&error, exit::USAGE),
    };
    let pack = match parse_pack(text.clone(), path) {
        Ok(pack) => pack,
        Err(error) => {
            eprintln!("{error}");
            return exit::FLAWED;
        }
    };
    let mut flaws: Vec<Flaw> = name_is_taken(&pack).into_iter().collect();
    flaws.extend(check(&pack, beside_built_in(pack)));
    flaws.iter().for_each(|flaw| eprintln!("{}\n", show(flaw, &text, path)));
    sum_up(pack.rules.iter(), flaws.len(), praise)
}

fn sum_up<'r>(rules: impl Iterator<Item = &'r Rule>, flaws: usize, praise: &str) -> i32 {
    let (mut count, mut trials) = (0, 0);
    for rule in rules {
        count += 1;
        trials += rule.holds.count() + rule.passes.count();
    }
    let noun = if count == 1 { "rule" } else { "rules" };
    if flaws > 0 {
        println!("{count} {noun}, {trials} trials: {flaws} {}", if flaws == 1 { "flaw" } else { "flaws" });
        return exit::FLAWED;
    }
    println!("{count} {noun}, {trials} trials: {praise}");
    0
}

fn begin(name: &str) -> i32 {
    let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        return say_failure(&"a pack's name has small letters, digits and dashes", exit::USAGE);
    }
    print!("{}", TEMPLATE.replace("NAME", name));
    0
}

fn schema(of: &str) -> i32 {
    match SCHEMAS.iter().find(|(name, _)| *name == of) {
        Some((_, text)) => {
            print!("{text}");
            0
        }
        None => say_failure(&"there are two schemas: pack and policy", exit::USAGE),
    }
}
