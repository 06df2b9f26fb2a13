//! Requests against conditions.

use super::super::http_matches;
use super::requests;
use crate::decide::action::pack::HttpWhen;

#[track_caller]
fn expect(when: &'static str, matching: &[&str], other: &[&str]) {
    let when: HttpWhen = serde_yaml::from_str(when).expect("a condition is YAML");
    for line in matching {
        let requests = requests(line, None);
        assert!(requests.iter().any(|request| http_matches(&when, request)), "should match {line}: {requests:?}");
    }
    for line in other {
        let requests = requests(line, None);
        assert!(!requests.is_empty(), "no request: {line}");
        assert!(!requests.iter().any(|request| http_matches(&when, request)), "should not match {line}: {requests:?}");
    }
}

#[test]
fn method_and_host_are_compared() {
    expect(
        "{ method: DELETE, no_host: [localhost, 127.0.0.1] }",
        &[
            "curl -X DELETE https://a.test/x",
            "curl -X … https://a.test/x",
            "curl -X D… https://a.test/x",
            "curl -X DELETE …",
            "curl -X DELETE http://localhost…/x",
            "curl -X DELETE http://localhost.evil.test/x",
            "curl -x p.test -X DELETE http://localhost/x",
        ],
        &[
            "curl https://a.test/x",
            "curl -X P… https://a.test/x",
            "curl -X DELETE http://localhost:3000/x",
            "curl -X DELETE 127.0.0.1/x",
        ],
    );
}

#[test]
fn paths_are_compared_by_segment() {
    expect(
        "{ method: POST, host: api.fly.test, path: [\"/v1/**/machines/*/stop\"] }",
        &[
            "curl -X POST https://api.fly.test/v1/apps/a/machines/m/stop",
            "curl -X POST https://api.fly.test/v1/machines/m/stop",
            "curl -X POST https://api.fly.test//V1/apps/./a/machines/m/%73top/",
            "curl -X POST https://api.fly.test/v1/apps/…/machines/…/stop",
            "curl -X POST https://api.fly.test/v1/apps/a/machines/m/…",
            "curl -X POST https://api.fly.test/…",
            "curl -X POST https://api.fly.test…",
            "curl -X POST https://…/v1/apps/a/machines/m/stop",
            "curl -X POST …/v1/apps/…/machines/…/stop",
            "curl -X POST …/machines/…/stop",
        ],
        &[
            "curl -X POST https://api.fly.test/v1/apps/a/machines/m/start",
            "curl -X POST https://api.fly.test/v1/apps/a/machines/stop",
            "curl -X POST https://other.test/v1/apps/a/machines/m/stop",
            "curl -X POST …",
            "curl -X POST https://…/x",
            "curl -X POST …/v1/apps/…/machines/…/…",
        ],
    );
}

#[test]
fn members_and_parameters_are_compared() {
    expect(
        "{ method: POST, host: api.do.test, path: /v2/droplets/*/actions, body: [\"type=power_off\", \"type=shutdown\"] }",
        &[
            "curl https://api.do.test/v2/droplets/1/actions -d '{\"type\":\"power_off\"}'",
            "curl https://api.do.test/v2/droplets/1/actions -d @body.json",
            "curl https://api.do.test/v2/droplets/1/actions -d @unread",
            "curl https://api.do.test/v2/droplets/1/actions -d '{\"type\":\"…\"}'",
            "http POST https://api.do.test/v2/droplets/1/actions type=shutdown",
        ],
        &[
            "curl https://api.do.test/v2/droplets/1/actions -d '{\"type\":\"power_on\"}'",
            "curl https://api.do.test/v2/droplets/1/actions -d '{\"name\":\"power_off\"}'",
        ],
    );
    expect(
        "{ host: \"*.amazonaws.test\", query: [\"Action=Delete*\", \"Action=Terminate*\"] }",
        &[
            "curl 'https://ec2.amazonaws.test/?Action=TerminateInstances&InstanceId.1=i'",
            "curl https://iam.amazonaws.test/ -d Action=DeleteUser",
            "curl https://iam.amazonaws.test/ -d 'Action=…'",
        ],
        &["curl 'https://ec2.amazonaws.test/?Action=DescribeInstances'"],
    );
    expect(
        "{ header: [\"x-amz-target=*.Delete*\"] }",
        &["curl https://d.test -H 'X-Amz-Target: DynamoDB_20120810.DeleteTable' -d '{}'"],
        &["curl https://d.test -H 'X-Amz-Target: DynamoDB_20120810.ListTables' -d '{}'"],
    );
    expect(
        "{ port: [9200] }",
        &["curl localhost:9200/a", "curl localhost:…/a"],
        &["curl localhost:3000/a", "curl localhost/a"],
    );
}

#[test]
fn fields_are_compared_by_their_words() {
    expect(
        "{ operation: mutation, field_word: [delete, remove] }",
        &[
            "curl https://x.test/graphql -d '{\"query\":\"mutation { volumeDelete(id: 1) }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"mutation { delete_users(where: {}) { a } }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"mutation { HTTPRouteRemove }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"mutation { a { deleteIt(x: 1) } }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"mutation { volume…(id: 1) }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"mutation { \"}'  https://x.test/graphql -d '{\"query\":\"mutation { DeleteX }\"}'",
            "curl https://x.test/g -d '{\"operationName\": \"deleteUser\", \"extensions\": {}}'",
        ],
        &[
            "curl https://x.test/graphql -d '{\"query\":\"mutation { undelete deletedItems removal }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"query { delete }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"mutation { createUser(name: \\\"delete\\\") { id } }\"}'",
            "curl https://x.test/graphql -d '{\"query\":\"mutation { create: update(id: 1) }\"}'",
            "curl https://x.test/graphql -d '{\"name\":\"delete me\"}'",
        ],
    );
    expect(
        "{ operation: unseen }",
        &["curl https://x.test/graphql -d @unread"],
        &["curl https://x.test/graphql -d '{\"query\":\"{ a }\"}'", "curl https://x.test/other -d @unread"],
    );
}

#[test]
fn a_mutation_of_one_api_is_told_by_its_field() {
    expect(
        "{ host: backboard.railway.test, operation: mutation, field: [\"*Delete\", \"*Remove\"] }",
        &[
            "curl https://backboard.railway.test/graphql/v2 -d '{\"query\":\"mutation { x: volumeDelete(volumeId: 1) }\"}'",
        ],
        &[
            "curl https://backboard.railway.test/graphql/v2 -d '{\"query\":\"mutation { volumeCreate(volumeId: 1) { id } }\"}'",
        ],
    );
}
