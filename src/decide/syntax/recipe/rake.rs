//! Rakefiles: the Ruby between `task :name do` and its `end`.

use super::{Asked, Recipe, Step, order, steps};

pub(super) fn read(text: &str, asked: &Asked) -> Vec<Step> {
    let mut recipes: Vec<Recipe> = Vec::new();
    // The task that is open, and the column of its first word: its `end` stands in the same one.
    let mut open: Option<usize> = None;
    let mut spaces: Vec<(usize, String)> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        let column = line.len() - trimmed.len();
        if let Some(start) = open {
            if column == start && trimmed.starts_with("end") {
                open = None;
            } else if let Some(text) = recipes.last_mut().and_then(|recipe| recipe.texts.first_mut()) {
                text.push_str(trimmed);
                text.push('\n');
            }
            continue;
        }
        if trimmed.starts_with("end") {
            spaces.retain(|(start, _)| *start != column);
        } else if let Some(rest) = trimmed.strip_prefix("namespace ") {
            spaces.push((column, names_in(rest).into_iter().next().unwrap_or_default()));
        } else if let Some(rest) = trimmed.strip_prefix("task ").or_else(|| trimmed.strip_prefix("task(")) {
            let (head, body) = rest.split_once(" do").map_or((rest, None), |(head, body)| (head, Some(body)));
            let (head, inline) = head.split_once('{').map_or((head, None), |(head, body)| (head, Some(body)));
            let mut names = names_in(head).into_iter();
            let name = names.next().unwrap_or_default();
            let path: Vec<&str> = spaces.iter().map(|(_, space)| space.as_str()).chain([name.as_str()]).collect();
            let body_here = body.map(str::trim).filter(|body| !body.is_empty() && !body.starts_with('|'));
            let closed = body_here.is_some_and(|body| body.ends_with("end"));
            let here = inline.map(|body| body.trim_end_matches('}').to_owned());
            let texts = vec![here.or(body_here.map(|body| format!("{body}\n"))).unwrap_or_default()];
            recipes.push(Recipe { name: path.join(":"), needs: names.collect(), texts, foreign: true });
            open = (body.is_some() && !closed).then_some(column);
        }
    }
    let default = || vec!["default".to_owned()];
    let asked: Vec<String> = asked.names.iter().map(|name| name.split('[').next().unwrap_or(name).to_owned()).collect();
    let asked = if asked.is_empty() { default() } else { asked };
    steps(order(&recipes, &asked))
}

/// The symbols and texts of a task's head: `:a => [:b, 'c']`, `a: :b`.
fn names_in(head: &str) -> Vec<String> {
    let head = head.split('|').next().unwrap_or(head);
    head.split([' ', ',', '[', ']', '(', ')', '{', '}'])
        .map(|word| word.trim_matches([':', '"', '\'']))
        .filter(|word| !word.is_empty() && *word != "=>")
        .map(str::to_owned)
        .collect()
}
