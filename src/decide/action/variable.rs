//! Which variables of an environment are kept from a command? The built-in list, and how a name and a value are
//! weighed by it.
//!
//! Pure: whether a path exists, and where commands can write, is given.

use super::glob::{matches, matches_ignoring_case};
use super::pack::Text;
use super::variable_form::Family;

#[allow(unused_imports)] // The constants name every form there is.
mod built_in {
    use super::super::pack::{List, Text};
    use super::super::variable_form::{Family, Lead, Placeholders, Wardrobe};

    include!(concat!(env!("OUT_DIR"), "/environment.rs"));
}

use built_in::{ADDRESSES, GLOBS, NAMES, WARDROBE};

/// The shortest value that a name's ending alone makes a secret.
const SHORTEST: usize = 8;
/// The longest value that a word in it makes a placeholder.
const LONGEST_PLACEHOLDER: usize = 40;

/// Why a variable is kept from commands that may not have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// It holds a secret of this family.
    Secret(&'static str),
    /// It leads to the socket of this credential.
    Socket(&'static str),
    /// It runs code that nobody judged.
    Code,
    /// Policy says so.
    Policy,
}

/// What has to be known of the world to weigh a value.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Does this path exist?
    pub exists: &'a dyn Fn(&str) -> bool,
    /// Directories below which commands can write.
    pub writable: &'a [String],
}

/// Why this variable is kept from commands, if it is.
#[must_use]
pub fn guard_of(name: &str, value: &str, around: &Surroundings<'_>) -> Option<Guard> {
    if value.is_empty() {
        return None;
    }
    if runs_code(name, value, around) {
        return Some(Guard::Code);
    }
    if let Some(lead) = WARDROBE.sockets.iter().find(|lead| lead.name.0 == name) {
        return leads_here(value).then_some(Guard::Socket(lead.of.0));
    }
    secret_of(name, value, around).map(Guard::Secret)
}

/// The families whose programs are not those of a credential.
#[must_use]
pub fn families() -> &'static [Family] {
    WARDROBE.secrets.0
}

fn secret_of(name: &str, value: &str, around: &Surroundings<'_>) -> Option<&'static str> {
    if let Some(family) = family_of(name) {
        return (!is_placeholder(value)).then_some(family.id.0);
    }
    if let Some(family) = placed(ADDRESSES, name)
        && carries_password(value)
    {
        return Some(family.id.0);
    }
    let listed = |globs: &[Text]| globs.iter().any(|glob| matches(glob, name));
    let ending = WARDROBE.endings.iter().any(|ending| ends_with(name, ending));
    (ending && !listed(&WARDROBE.harmless) && is_worth_keeping(value, around)).then_some(WARDROBE.endings_id.0)
}

fn family_of(name: &str) -> Option<&'static Family> {
    match NAMES.binary_search_by(|(known, _)| (*known).cmp(name)) {
        Ok(found) => WARDROBE.secrets.0.get(usize::from(NAMES.get(found)?.1)),
        Err(_) => placed(GLOBS, name),
    }
}

/// The family with the first glob that fits. Most end at their first byte: it is done for each variable of each command.
fn placed(globs: &[(&str, u16)], name: &str) -> Option<&'static Family> {
    let first = name.bytes().next();
    let may_fit = |glob: &str| glob.bytes().next().is_some_and(|byte| b"*?[".contains(&byte) || Some(byte) == first);
    let found = globs.iter().find(|(glob, _)| may_fit(glob) && matches(glob, name))?;
    WARDROBE.secrets.0.get(usize::from(found.1))
}

fn ends_with(name: &str, ending: &str) -> bool {
    let tail = name.len().checked_sub(ending.len()).and_then(|at| name.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}

/// For a name that only ends like a secret's: is the value one?
fn is_worth_keeping(value: &str, around: &Surroundings<'_>) -> bool {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || b".,-".contains(&byte));
    let is_path = value.starts_with(['/', '.', '~']) && (around.exists)(value);
    value.len() >= SHORTEST && !is_number && !is_path && !is_placeholder(value)
}

/// A value that stands in examples and development containers: `postgres`, `dev-secret`, `changeme`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    let known = |list: &[Text], word: &str| list.iter().any(|text| text.0 == word);
    // Structured values name stages and hosts beside their secret: `AccountName=dev;AccountKey=…`.
    let in_words = value.len() <= LONGEST_PLACEHOLDER && !value.contains(['=', ';', '{', ':', '/']);
    let mut words = value.split(|letter: char| !letter.is_ascii_alphanumeric());
    value.is_empty()
        || known(&WARDROBE.placeholders.values, &value)
        || (in_words && words.any(|word| known(&WARDROBE.placeholders.words, word)))
}

/// Is one of the addresses in a value one with a password, on another machine?
fn carries_password(value: &str) -> bool {
    value.split([' ', ',']).any(|address| {
        let Some((_, rest)) = address.split_once("://") else { return false };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let by_user = user.split_once(':').is_some_and(|(_, password)| !password.is_empty());
        let by_query = ["?password=", "&password=", ";password="].iter().any(|key| behind.contains(key));
        (by_user || by_query) && !is_local(host)
    })
}

/// A host of this machine, or of a development container's own network, which has no dot.
fn is_local(host: &str) -> bool {
    let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or(host) };
    !(name.contains('.') || name.starts_with('['))
        || name == "[::1]"
        || name.starts_with("[::1]:")
        || WARDROBE.local_hosts.iter().any(|glob| matches_ignoring_case(glob, name))
}

/// A socket or display of this machine: an engine at another host is no socket of ours.
fn leads_here(value: &str) -> bool {
    !["tcp://", "http://", "https://", "ssh://"].iter().any(|scheme| value.starts_with(scheme))
}

/// Would the variable run something that commands could have written, or text that nobody read?
fn runs_code(name: &str, value: &str, around: &Surroundings<'_>) -> bool {
    if let Some(function) = name.strip_prefix("BASH_FUNC_") {
        let function = function.trim_end_matches("%%").trim_end_matches("()");
        return !WARDROBE.functions.iter().any(|known| known.0 == function);
    }
    WARDROBE.code.iter().any(|known| known.0 == name)
        && (value.contains("$(") || value.contains('`') || names_writable(value, around))
}

/// Variables that make a program run something else.
pub(super) fn steering() -> impl Iterator<Item = &'static str> {
    WARDROBE.steering.iter().chain(WARDROBE.code.iter()).map(|name| name.0)
}

/// Would a program run, by this value, what commands could have written? A value that is not known might. What the
/// `inherited` value names already was chosen by whoever started the shell.
pub(super) fn steers(value: Option<&str>, inherited: &str, writable: &[String]) -> bool {
    let Some(value) = value else { return true };
    let around = Surroundings { exists: &|_| false, writable };
    let own =
        value.split(':').filter(|entry| inherited.is_empty() || !inherited.split(':').any(|known| known == *entry));
    let list = inherited.contains(':');
    let mut own = own.map(|entry| (entry, list && !entry.starts_with(['/', '~'])));
    // An empty or relative entry of a search path is a directory to work in.
    own.any(|(entry, relative)| {
        relative || entry.contains("$(") || entry.contains('`') || names_writable(entry, &around)
    })
}

fn names_writable(value: &str, around: &Surroundings<'_>) -> bool {
    value.split([' ', ':', '=', ',', ';', '|', '\'', '"']).any(|word| {
        let below = |root: &String| super::keyring::below(word, root).is_some();
        if word.starts_with('/') {
            return around.writable.iter().any(below) || word.contains("/../");
        }
        word.contains('/') && !word.starts_with(['~', '$'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(name: &str, value: &str) -> Option<Guard> {
        let writable = ["/home/ada/shop".to_owned(), "/tmp".to_owned()];
        let exists = |path: &str| path == "/run/secrets/key";
        guard_of(name, value, &Surroundings { exists: &exists, writable: &writable })
    }

    #[test]
    fn a_known_name_is_a_secret_of_its_family() {
        for (name, family) in [
            ("AWS_SECRET_ACCESS_KEY", "cloud.aws"),
            ("GITHUB_TOKEN", "git.github"),
            ("ANTHROPIC_API_KEY", "model.keys"),
            ("TF_TOKEN_app_terraform_io", "cloud.terraform"),
            ("TF_VAR_db_password", "cloud.terraform"),
            ("CARGO_REGISTRIES_OURS_TOKEN", "pkg.cargo"),
            ("npm_config_//registry.example.org/:_authToken", "pkg.npm"),
            ("PGPASSWORD", "db.postgres"),
        ] {
            assert_eq!(guard(name, "hV7q0pZr2mN8"), Some(Guard::Secret(family)), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_is_told_by_its_ending() {
        for name in ["OURTOOL_TOKEN", "billing_api_key", "Some_Private_Key", "DB_PASSWORD", "X_WEBHOOK_URL"] {
            assert_eq!(guard(name, "hV7q0pZr2mN8"), Some(Guard::Secret("env.named")), "{name}");
        }
    }

    #[test]
    fn everyday_variables_stay() {
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("OLDPWD", "/home/ada"),
            ("MAX_THINKING_TOKENS", "31999"),
            ("NUM_TOKEN", "12345678"),
            ("npm_config_registry", "https://registry.example.org/"),
            ("npm_config_always_auth", "true"),
            ("CARGO_TERM_COLOR", "always"),
            ("CARGO_HOME", "/home/ada/.cargo"),
            ("AWS_PROFILE", "dev"),
            ("AWS_REGION", "eu-west-1"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/home/ada/sa.json"),
            ("TLS_PRIVATE_KEY", "/run/secrets/key"),
            ("GPG_KEY", "E3FF2839C048B25C084DEBE9B26995E310250568"),
            ("XDG_SESSION_COOKIE", "hV7q0pZr2mN8"),
            ("LD_LIBRARY_PATH", "/home/ada/shop/lib"),
            ("PYTHONPATH", "/home/ada/shop/src"),
            ("NODE_OPTIONS", "--max-old-space-size=4096"),
            ("GITHUB_TOKEN", ""),
        ] {
            assert_eq!(guard(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn values_of_examples_and_development_containers_stay() {
        for (name, value) in [
            ("POSTGRES_PASSWORD", "postgres"),
            ("SECRET_KEY", "dev-secret-key"),
            ("JWT_SECRET", "change-me-in-production"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("DATABASE_URL", "postgres://app:app@localhost:5432/app"),
            ("DATABASE_URL", "postgres://app:app@db:5432/app"),
            ("DATABASE_URL", "sqlite:///db.sqlite3"),
            ("REDIS_URL", "redis://:x@127.0.0.1:6379/0"),
            ("REDIS_URL", "redis://:x@[::1]:6379/0"),
            ("APP_URL", "https://shop.example.org/"),
            ("SENTRY_DSN", "https://1f2e3d4c5b6a@o1.ingest.example.org/7"),
        ] {
            assert_eq!(guard(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn an_address_with_a_password_on_another_machine_is_a_secret() {
        for (name, value) in [
            ("DATABASE_URL", "postgres://app:hV7q0p@db.example.org:5432/app"),
            ("CELERY_BROKER_URL", "amqps://app:hV7q0p@mq.example.org/"),
            ("SPRING_DATASOURCE_URL", "jdbc:postgresql://db.example.org/app?user=a&password=hV7q0p"),
            ("DATABASE_URL", "postgres://app:hV7q0p@10.0.0.7/app"),
        ] {
            assert!(matches!(guard(name, value), Some(Guard::Secret(_))), "{name}={value}");
        }
        let structured = "DefaultEndpointsProtocol=https;AccountName=dev;AccountKey=hV7q0pZr2mN8==";
        assert_eq!(guard("AZURE_STORAGE_CONNECTION_STRING", structured), Some(Guard::Secret("cloud.azure")));
    }

    #[test]
    fn a_variable_goes_with_its_socket() {
        assert_eq!(guard("SSH_AUTH_SOCK", "/tmp/ssh-x/agent.7"), Some(Guard::Socket("socket.ssh-agent")));
        assert_eq!(guard("DOCKER_HOST", "unix:///run/docker.sock"), Some(Guard::Socket("socket.containers")));
        assert_eq!(guard("DOCKER_HOST", "tcp://docker:2375"), None);
    }

    #[test]
    fn code_that_commands_could_have_written_is_told_from_the_system_s() {
        for (name, value) in [
            ("LD_PRELOAD", "/home/ada/shop/x.so"),
            ("LD_PRELOAD", "/usr/lib/a.so:/tmp/x.so"),
            ("LD_PRELOAD", "./x.so"),
            ("BASH_ENV", "/tmp/env"),
            ("BASH_ENV", "/usr/../tmp/env"),
            ("PS4", "+$(./x)"),
            ("BASH_FUNC_git%%", "() { ./x; }"),
            ("GIT_SSH_COMMAND", "ssh -F ./config"),
        ] {
            assert_eq!(guard(name, value), Some(Guard::Code), "{name}={value}");
        }
        for (name, value) in [
            ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"),
            ("LD_PRELOAD", "libgtk3-nocsd.so.0"),
            ("BASH_ENV", "/home/ada/.bashrc"),
            ("BASH_FUNC_module%%", "() { eval; }"),
            ("LESSOPEN", "| /usr/bin/lesspipe %s"),
            ("GIT_SSH_COMMAND", "ssh -i ~/.ssh/work -o IdentitiesOnly=yes"),
            ("PS4", "+ ${BASH_SOURCE}:${LINENO} "),
        ] {
            assert_eq!(guard(name, value), None, "{name}={value}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_variable_is_answered(name in "[A-Za-z_%(){}]{0,20}", value in "[a-z:/@?.\\[\\]$`=\u{e9} ]{0,40}") {
            let _ = guard(&name, &value);
        }
    }
}
