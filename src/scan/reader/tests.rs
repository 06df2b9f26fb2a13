//! What is found, and what is not. Tokens are put together here, so that no file of the repository holds one.

use super::*;

const SETTINGS: Manner = Manner { quiet: false, code: false };
const CODE: Manner = Manner { quiet: false, code: true };
const QUIET: Manner = Manner { quiet: true, code: false };

fn reader() -> &'static Reader {
    static READER: std::sync::OnceLock<Reader> = std::sync::OnceLock::new();
    READER.get_or_init(|| Reader::new().expect("the list that is built in is well formed"))
}

fn kinds(text: &str, manner: Manner) -> Vec<String> {
    reader().read(text.as_bytes(), manner).into_iter().map(|finding| finding.kind).collect()
}

/// Drawn at random once; they open nothing.
fn key() -> String {
    ["hV7q0pZr2m", "N8xK4wT9bL", "3sD6fG1jC5"].concat()
}

fn hex() -> String {
    ["9f86d081884c7d65", "9a2feaa0c55ad015"].concat()
}

fn uuid() -> String {
    ["b5f8a1c2-93d4", "-4e6f-8a7b-1c2d3e4f5a6b"].concat()
}

#[test]
fn every_form_finds_what_is_made_by_it() {
    let reader = reader();
    let mut seed = 7_u64;
    let mut draw = move |below: usize| {
        // Numbers of an old generator (Knuth's MMIX) are random enough for that.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap_or(0) % below
    };
    let mut tried = 0;
    for token in &reader.catalogue.tokens {
        for shape in &token.forms {
            let drawn = shape.draw(&mut draw);
            for text in [format!("x = \"{drawn}\";"), format!("{drawn}\n"), format!("a\\n{drawn}")] {
                let found = reader.read(text.as_bytes(), SETTINGS);
                let kinds: Vec<&str> = found.iter().map(|finding| finding.kind.as_str()).collect();
                assert!(!kinds.is_empty(), "{}: {text}", token.kind);
                tried += usize::from(kinds.contains(&token.kind.as_str()));
            }
        }
    }
    assert!(tried > 550, "a form stands in the light of others: only {tried} were told by their own kind");
}

#[test]
fn a_finding_says_the_line_and_the_length_and_never_the_value() {
    let token = ["ghp_", &key(), "a1B2c3"].concat();
    let found = reader().read(format!("# a\n\nurl: x\ntoken: {token}\n").as_bytes(), SETTINGS);
    assert_eq!(found, [Finding { line: 4, kind: "GitHub token".to_owned(), length: 40 }]);
    assert!(!format!("{found:?}").contains(&key()));
}

#[test]
fn what_looks_random_beside_a_telling_name_is_found() {
    let (key, hex, uuid) = (key(), hex(), uuid());
    for (line, manner) in [
        (format!("RAILWAY_TOKEN={uuid}"), SETTINGS),
        (format!("export HEROKU_API_KEY='{uuid}'"), SETTINGS),
        (format!("  api-key: {hex}"), SETTINGS),
        (format!("\"clientSecret\": \"{key}\","), SETTINGS),
        (format!("password = \"{key}\""), CODE),
        (format!("const apiKey = '{key}';"), CODE),
        (format!("apiKey := \"{key}\""), CODE),
        (format!("'secret' => '{key}',"), CODE),
        (format!("config['token'] = '{key}'"), CODE),
        (format!("headers = {{\"Authorization\": \"Bearer {key}\"}}"), CODE),
        (format!("curl -H 'Authorization: token {key}' https://api.example.org"), SETTINGS),
        (format!("curl -H \"X-Api-Key: {hex}\""), CODE),
        (format!("<password>{key}</password>"), SETTINGS),
        (format!("Server=db;Password={key};"), SETTINGS),
        (format!("deploy --token={key} --force"), SETTINGS),
        (format!("**API key**: {key}"), SETTINGS),
        (format!("ENV API_TOKEN {hex}"), SETTINGS),
        (format!("  <add key=\"ApiKey\" value=\"{key}\" />"), SETTINGS),
        (format!("define('AUTH_KEY', '{key}');"), CODE),
    ] {
        let found = kinds(&line, manner);
        assert!(found.len() == 1 && found[0].starts_with("random text beside"), "{line}: {found:?}");
    }
}

#[test]
fn what_is_no_secret_is_left_alone() {
    let (key, hex) = (key(), hex());
    for (line, manner) in [
        ("token = get_token(user_id=1234567)".to_owned(), CODE),
        (format!("let token = {key};"), CODE),
        ("password: ${DB_PASSWORD_2024_PRODUCTION}".to_owned(), SETTINGS),
        ("API_KEY=xxxxxxxxxxxxxxxxxxxx1234".to_owned(), SETTINGS),
        ("api_key: your-api-key-goes-here-123".to_owned(), SETTINGS),
        ("secret_key = 'django-insecure-change-me-4u'".to_owned(), SETTINGS),
        (format!("integrity: sha512-{key}{key}=="), SETTINGS),
        (format!("commit: {hex}"), SETTINGS),
        (format!("public_key: {key}"), SETTINGS),
        (format!("public key: {key}"), SETTINGS),
        (format!("call(token, {key})"), SETTINGS),
        (format!("<item key=\"{key}\" value=\"{key}\"/>"), SETTINGS),
        (format!("nextPageToken: {key}"), SETTINGS),
        ("token: /run/secrets/api-token-2".to_owned(), SETTINGS),
        ("password_hash = 'abc'".to_owned(), CODE),
        ("access_token: { type: String, required: true, length: 32 }".to_owned(), CODE),
        ("auth_token = os.environ['AUTH_TOKEN_2024_01']".to_owned(), CODE),
        (["AKIAIOSFODNN7", "EXAMPLE"].concat(), SETTINGS),
        (["ghp_", &"x".repeat(36)].concat(), SETTINGS),
        (["ghp_", "0123456789abcdefghijABCDEFGHIJ012345"].concat(), SETTINGS),
        ("glpat-XXXXXXXXXXXXXXXXXXXX".to_owned(), SETTINGS),
        ("if line.startswith('-----BEGIN RSA PRIVATE KEY-----'): pass".to_owned(), CODE),
        ("postgres://user:password@db.acme.org/app".to_owned(), SETTINGS),
        ("postgres://app:hV7q0pZ2@localhost:5432/app".to_owned(), SETTINGS),
        ("https://user:${TOKEN}@git.acme.org/x.git".to_owned(), SETTINGS),
        ("https://acme.org:8080/@scope/x".to_owned(), SETTINGS),
    ] {
        assert_eq!(kinds(&line, manner), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn an_address_with_a_password_is_found() {
    for line in [
        ["DATABASE_URL=postgres://app:", "hV7q0pZ2@db.acme.org:5432/app"].concat(),
        ["url = https://ada:", "gT5-kk3_9Lm@git.acme.org/shop.git"].concat(),
        ["redis://:", "p9Xr2mN8@cache.acme.io:6379/0"].concat(),
    ] {
        assert_eq!(kinds(&line, SETTINGS), ["password in an address"], "{line}");
    }
}

#[test]
fn private_keys_are_found_wherever_they_stand() {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    let begin = |name: &str| ["-----BEGIN ", name, "PRIVATE KEY-----"].concat();
    for text in [
        format!("{}\n{line}\n{line}\n", begin("")),
        format!("{}\n{line}\n{line}\n", begin("OPENSSH ")),
        format!("  key: |\n    {}\n    {line}\n    {line}\n", begin("RSA ")),
        format!("\"private_key\": \"{}\\n{line}\\n{line}\\n\"", begin("")),
        format!("{}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n{line}\n", begin("EC ")),
    ] {
        assert_eq!(kinds(&text, SETTINGS), ["private key"], "{text}");
        assert!(kinds(&text, QUIET).is_empty(), "keys of tests are made for them");
    }
}

#[test]
fn tests_and_documentation_are_believed_what_only_a_name_tells_but_not_a_token() {
    assert!(kinds(&format!("password: {}", key()), QUIET).is_empty());
    assert_eq!(kinds(&["ghp_", &key(), "a1B2c3"].concat(), QUIET), ["GitHub token"]);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let _ = reader().read(&bytes, SETTINGS);
    }

    #[test]
    fn any_line_of_settings_is_read(text in "[a-z_-]{0,9}(token|secret|://)?[:=>\"' ]{0,4}[A-Za-z0-9@:/{$-]{0,40}[\n\"']?") {
        let _ = reader().read(text.as_bytes(), CODE);
        let _ = reader().read(text.as_bytes(), SETTINGS);
    }
}
