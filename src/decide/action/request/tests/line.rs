//! Command lines to requests.

use super::{expect, expect_with_stdin, requests};

#[test]
fn curl_says_its_method_in_many_ways() {
    expect(&[
        ("curl https://api.test/a", &["GET api.test/a"]),
        ("curl -X DELETE https://api.test/a", &["DELETE api.test/a"]),
        ("curl -XDELETE https://api.test/a", &["DELETE api.test/a"]),
        ("curl -sSfXDELETE https://api.test/a", &["DELETE api.test/a"]),
        ("curl -sX delete https://api.test/a", &["DELETE api.test/a"]),
        ("curl --request DELETE https://api.test/a", &["DELETE api.test/a"]),
        ("curl --request=DELETE https://api.test/a", &["DELETE api.test/a"]),
        ("curl --req DELETE https://api.test/a", &["DELETE api.test/a"]),
        ("curl https://api.test/a -X DELETE", &["DELETE api.test/a"]),
        ("curl -X GET -X DELETE https://api.test/a", &["DELETE api.test/a"]),
        ("curl -X … https://api.test/a", &["… api.test/a"]),
        ("curl -X… https://api.test/a", &["… api.test/a"]),
        ("curl -I https://api.test/a", &["HEAD api.test/a"]),
        ("curl -d x=1 https://api.test/a", &["POST api.test/a {x=1}"]),
        ("curl -X PUT -d x=1 https://api.test/a", &["PUT api.test/a {x=1}"]),
        ("curl -G -d x=1 https://api.test/a?y=2", &["GET api.test/a ?y=2&x=1"]),
        ("curl -T f https://api.test/a", &["PUT api.test/a"]),
        ("curl -F a=b -F f=@x https://api.test/a", &["POST api.test/a {a=b&f=…}"]),
        ("curl -H 'X-HTTP-Method-Override: DELETE' -d '' https://api.test/a", &["DELETE api.test/a"]),
        ("curl -d _method=delete https://api.test/a", &["DELETE api.test/a {_method=delete}"]),
        ("curl", &[]),
        ("curl --help", &[]),
        ("curl -u a:b -o out -w '%{http_code}' -m 5 https://api.test/a", &["GET api.test/a"]),
        ("curl --oauth2-bearer DELETE https://api.test/a", &["GET api.test/a"]),
    ]);
}

#[test]
fn curl_sends_several_requests() {
    expect(&[
        ("curl https://a.test/1 https://a.test/2", &["GET a.test/1", "GET a.test/2"]),
        ("curl https://a.test/1 --next -X DELETE https://a.test/2", &["GET a.test/1", "DELETE a.test/2"]),
        ("curl https://a.test/1 -: -XDELETE https://a.test/2", &["GET a.test/1", "DELETE a.test/2"]),
        ("curl -XDELETE 'https://a.test/{x,y}/z'", &["DELETE a.test/x/z", "DELETE a.test/y/z"]),
        ("curl -XDELETE 'https://a.test/v[1-9]'", &["DELETE a.test/v…"]),
        ("curl --url https://a.test/1 --url https://a.test/2", &["GET a.test/1", "GET a.test/2"]),
        ("curl --url-query a=b https://a.test/", &["GET a.test/ ?a=b"]),
        ("curl -K curlrc", &["DELETE api.test/from-file"]),
        ("curl --config curlrc https://b.test/", &["DELETE api.test/from-file", "DELETE b.test/"]),
        ("curl -K unread https://b.test/", &["… b.test/"]),
    ]);
    expect_with_stdin(&[("curl -K -", "url=https://a.test/x\nrequest=DELETE", &["DELETE a.test/x"])]);
}

#[test]
fn urls_are_made_plain() {
    expect(&[
        ("curl api.test", &["GET api.test/"]),
        ("curl HTTPS://User:Pw@API.Test.:443//a/./b/../c?x=%41#f", &["GET api.test/a/c ?x=A"]),
        ("curl https://api.test/%64elete", &["GET api.test/delete"]),
        ("curl http://[::1]:9200/_all", &["GET [::1]:9200/_all"]),
        ("curl localhost:9200/_all", &["GET localhost:9200/_all"]),
        ("curl …/v1/x", &["GET …/v1/x"]),
        ("curl https://…/v1/x", &["GET …/v1/x"]),
        ("curl https://api.test…", &["GET api.test…/…"]),
        ("curl https://api.test/…", &["GET api.test/…"]),
        ("curl https://….api.test/x", &["GET ….api.test/x"]),
        ("curl file:///etc/passwd", &["GET /etc/passwd"]),
        (
            "curl --unix-socket /var/run/docker.sock http://x/containers/a",
            &["GET unix:/var/run/docker.sock/containers/a"],
        ),
        ("curl http:\\\\/\\\\/api.test", &["GET http/api.test"]),
    ]);
}

#[test]
fn bodies_are_read() {
    expect(&[
        (
            "curl https://a.test -d '{\"a\": {\"b\": [1, {\"c\": \"d\\u0065\"}]}, \"e\": true}'",
            &["POST a.test/ {a=&b=&c=de&e=true}"],
        ),
        ("curl https://a.test --json '{\"a\":1}'", &["POST a.test/ {a=1}"]),
        ("curl https://a.test -d a=1 -d b=%20", &["POST a.test/ {a=1&b= }"]),
        ("curl https://a.test -d @body.json", &["POST a.test/ {type=power_off}"]),
        ("curl https://a.test --data-binary @unread", &["POST a.test/ <…>"]),
        ("curl https://a.test --data-raw @body.json", &["POST a.test/ <@body.json>"]),
        ("curl https://a.test -d …", &["POST a.test/ <…>"]),
        (
            "curl https://a.test --data-urlencode 'a=b&c' --data-urlencode d@name.txt",
            &["POST a.test/ {a=b&c&d=from a file}"],
        ),
        ("curl https://a.test -F 'q=<name.txt'", &["POST a.test/ {q=from a file}"]),
        ("curl https://a.test -d 'plain text'", &["POST a.test/ <plain text>"]),
        ("curl https://a.test -d '{\"a\": \"unclosed'", &["POST a.test/ {a=unclosed}"]),
        ("curl https://a.test -d '{\"a\": …, \"b\": \"x\"}'", &["POST a.test/ {a=…&b=x}"]),
    ]);
    expect_with_stdin(&[
        ("curl https://a.test -d @-", "{\"a\":1}", &["POST a.test/ {a=1}"]),
        ("curl https://a.test --data-binary @/dev/stdin", "a=1", &["POST a.test/ {a=1}"]),
        ("curl https://a.test", "{\"a\":1}", &["GET a.test/"]),
    ]);
}

#[test]
fn graphql_is_found_in_every_dress() {
    let volume = "mutation { volumeDelete(volumeId: \\\"v\\\") }";
    for line in [
        format!("curl https://x.test/graphql -d '{{\"query\": \"{volume}\"}}'"),
        format!("curl https://x.test/anything --json '{{\"variables\": {{\"a\": [1]}}, \"query\": \"{volume}\"}}'"),
        format!("curl https://x.test/g -d '[{{\"query\": \"{volume}\"}}]'"),
        "curl https://x.test/g -d '{\"query\": \"mutation { volumeDelete(volumeId: \\\"v".to_owned() + "'",
        "curl https://x.test/g -d '{\"query\": \"mut\\u0061tion {\\n\\tok: volumeDelete }\"}'".to_owned(),
        "curl https://x.test/g -H 'content-type: application/graphql' -d 'mutation { volumeDelete }'".to_owned(),
        "curl https://x.test/graphql -d 'mutation { volumeDelete }'".to_owned(),
        "curl https://x.test/g --data-urlencode 'query=mutation { volumeDelete }'".to_owned(),
        "curl https://x.test/g -F 'query=mutation { volumeDelete }'".to_owned(),
        "curl https://x.test/g -F 'operations={\"query\":\"mutation { volumeDelete }\"}'".to_owned(),
        "curl -X POST 'https://x.test/g?query=mutation+%7B+volumeDelete+%7D'".to_owned(),
        "curl https://x.test/g -d @mutation.json".to_owned(),
        "curl https://x.test/graphql --data-binary @mutation.graphql".to_owned(),
        "http x.test/g 'query=mutation { volumeDelete }'".to_owned(),
        "http POST x.test/g query=@mutation.graphql".to_owned(),
        "gh api graphql -f query='mutation { volumeDelete }'".to_owned(),
        "gh api graphql -F query=@mutation.graphql".to_owned(),
        "wget -qO- --post-data '{\"query\":\"mutation{volumeDelete}\"}' https://x.test/g".to_owned(),
        "wget --method=POST --body-file mutation.json https://x.test/g".to_owned(),
    ] {
        let requests = requests(&line, None);
        let fields: Vec<&str> =
            requests.iter().flat_map(|r| &r.operations).flat_map(|o| &o.fields).map(|f| f.name.as_str()).collect();
        assert!(fields.contains(&"volumeDelete"), "{line}: {requests:?}");
    }
}

#[test]
fn what_is_no_graphql_is_none() {
    expect(&[
        ("curl https://x.test/g -d '{\"name\": \"delete me\"}'", &["POST x.test/g {name=delete me}"]),
        ("curl https://x.test/s -d '{\"query\": \"delete me\"}'", &["POST x.test/s {query=delete me}"]),
        (
            "curl https://x.test/_search -d '{\"query\": {\"match_all\": {}}}'",
            &["POST x.test/_search {query=&match_all=}"],
        ),
        (
            "curl https://x.test/graphql -d '{\"query\": \"query { volumes { id } }\"}'",
            &["POST x.test/graphql query volumes"],
        ),
        ("curl https://x.test/s?query=deletions", &["GET x.test/s ?query=deletions"]),
    ]);
    expect(&[
        ("curl https://x.test/graphql -d …", &["POST x.test/graphql unseen"]),
        ("curl https://x.test/g -d '{\"query\": \"…\"}'", &["POST x.test/g unseen"]),
        (
            "curl https://x.test/g -d '{\"operationName\": \"deleteUser\", \"extensions\": {}}'",
            &["POST x.test/g unseen deleteUser"],
        ),
    ]);
}

#[test]
fn variables_name_what_is_hit() {
    let line = "curl https://x.test/graphql -d '{\"query\": \"mutation M($v: ID!) { volumeDelete(volumeId: $v) }\", \"variables\": {\"v\": \"vol-1\"}}'";
    let names: Vec<String> = requests(line, None).iter().flat_map(super::Request::names).collect();
    assert_eq!(names, ["POST x.test/graphql", "volumeDelete(volumeId: vol-1)"]);
    let line = "gh api graphql -f query='mutation($v: ID!) { deleteRef(id: $v) }' -f v=ref-1";
    let names: Vec<String> = requests(line, None).iter().flat_map(super::Request::names).collect();
    assert_eq!(names, ["POST api.github.com/graphql", "deleteRef(id: ref-1)"]);
}

#[test]
fn httpie_items_are_read() {
    expect(&[
        ("http DELETE api.test/a", &["DELETE api.test/a"]),
        ("https delete api.test/a", &["DELETE api.test/a"]),
        ("http api.test/a", &["GET api.test/a"]),
        ("http api.test/a x=1 y:=2 z==3 A:b", &["POST api.test/a ?z=3 {x=1&y=2}"]),
        ("http --ignore-stdin -a u:p PUT api.test/a x=1", &["PUT api.test/a {x=1}"]),
        ("http :3000/a", &["GET localhost:3000/a"]),
        ("http localhost x=1", &["POST localhost/ {x=1}"]),
        ("http … api.test/a", &["… api.test/a"]),
        ("xh delete https://api.test/a", &["DELETE api.test/a"]),
        ("xh post https://api.test/a f@name.txt", &["POST api.test/a {f=…}"]),
        ("http --raw '{\"a\":1}' api.test/a", &["POST api.test/a {a=1}"]),
        ("http POST api.test/a x=@name.txt", &["POST api.test/a {x=from a file}"]),
    ]);
    expect_with_stdin(&[("http api.test/a", "{\"a\":1}", &["POST api.test/a {a=1}"])]);
}

#[test]
fn other_clients_are_read() {
    expect(&[
        ("wget https://a.test/x", &["GET a.test/x"]),
        ("wget --method=DELETE https://a.test/x", &["DELETE a.test/x"]),
        ("wget --method DELETE --header 'A: b' https://a.test/x", &["DELETE a.test/x"]),
        ("wget --meth=DELETE https://a.test/x", &["DELETE a.test/x"]),
        ("wget --post-file=body.json https://a.test/x", &["POST a.test/x {type=power_off}"]),
        ("gh api -X DELETE repos/o/r", &["DELETE api.github.com/repos/o/r"]),
        ("gh api --method DELETE /repos/o/r", &["DELETE api.github.com/repos/o/r"]),
        ("gh api repos/o/r -f name=x", &["POST api.github.com/repos/o/r {name=x}"]),
        ("gh api repos/o/r -f 'a[b]=x' -F 'c[]=1'", &["POST api.github.com/repos/o/r {b=x&c=1}"]),
        ("gh api repos/o/r --input body.json", &["POST api.github.com/repos/o/r {type=power_off}"]),
        ("gh api https://api.github.com/repos/o/r -X DELETE", &["DELETE api.github.com/repos/o/r"]),
        ("gh pr list", &[]),
        ("glab api -X DELETE projects/1", &["DELETE gitlab.com/api/v4/projects/1"]),
        (
            "az rest --method delete --url https://management.azure.com/subscriptions/s",
            &["DELETE management.azure.com/subscriptions/s"],
        ),
        (
            "az rest -m post -u /subscriptions/s --body '{\"a\":1}'",
            &["POST management.azure.com/subscriptions/s {a=1}"],
        ),
        ("az vm list", &[]),
        ("DELETE https://a.test/x", &["DELETE a.test/x"]),
        ("ls -X DELETE https://a.test/x", &[]),
    ]);
    expect_with_stdin(&[
        ("nc a.test 80", "DELETE /x HTTP/1.1\r\nHost: b.test\r\n\r\n", &["DELETE b.test/x"]),
        ("nc a.test 80", "hello\n", &[]),
        ("openssl s_client -connect a.test:443", "DELETE /x HTTP/1.0\n\n", &["DELETE a.test:443/x"]),
    ]);
}

#[test]
fn files_that_are_sent_and_written_are_named() {
    let shown =
        |values: &[crate::decide::action::value::Value]| -> Vec<String> { values.iter().map(|v| v.shown()).collect() };
    for (line, reads, writes) in [
        ("curl -d @a -F b=@c;type=x -T d -o e https://x.test", vec!["a", "c", "d"], vec!["e"]),
        ("curl --data-urlencode a@f https://x.test", vec!["f"], vec![]),
        ("curl file:///etc/shadow", vec!["/etc/shadow"], vec![]),
        ("wget --post-file=/etc/shadow -O out x.test", vec!["/etc/shadow"], vec!["out"]),
        ("http x.test f@/etc/shadow", vec!["/etc/shadow"], vec![]),
        ("curl -o… https://x.test", vec![], vec!["…"]),
    ] {
        let line = line.replace(';', "\\;");
        let requests = requests(&line, None);
        let request = requests.first().unwrap_or_else(|| panic!("{line}"));
        assert_eq!((shown(&request.reads), shown(&request.writes)), (strings(&reads), strings(&writes)), "{line}");
    }
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn a_request_that_is_sent_elsewhere_is_marked() {
    for line in [
        "curl --connect-to ::prod.test http://localhost/x",
        "curl -x proxy.test http://localhost/x",
        "curl --resolve localhost:80:1.2.3.4 http://localhost/x",
        "curl -H 'Host: prod.test' http://localhost/x",
        "curl -K unread http://localhost/x",
    ] {
        assert!(requests(line, None).iter().all(|request| request.diverted), "{line}");
    }
    assert!(requests("curl http://localhost/x", None).iter().all(|request| !request.diverted));
}

/// A mark that opens something, a great many times: quadratic reading would take minutes here.
#[test]
fn hostile_text_is_read_in_linear_time() {
    for mark in [
        "{",
        "[",
        "\"",
        "{\"a\":",
        "{\"query\":\"",
        "{\"query\":{",
        "[{\"query\":\"{a}\"},",
        "a=",
        "&",
        "%",
        "{a,",
        "\\",
        "\"a\":1,",
        "…",
        "/",
        "?",
    ] {
        let text = mark.repeat(100_000 / mark.len());
        for form in ["curl https://x.test/graphql -d", "curl", "http x.test/g", "gh api graphql -f", "curl -K -"] {
            let line = format!("{form} {}", shell_words::quote(&text));
            let _ = requests(&line, Some(&text));
        }
    }
}
