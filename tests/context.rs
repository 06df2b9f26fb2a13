//! The current context of a cluster's client counts where its command line names none.

use std::fs;
use std::process::Command;

/// What is decided about a text where the home's clients work on these contexts.
fn code(contexts: &[(&str, &str)], text: &str) -> Option<i32> {
    let room = tempfile::tempdir().expect("a temporary directory");
    for (file, context) in contexts {
        let path = room.path().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, format!("apiVersion: v1\ncurrent-context: {context}\nusers: []\n")).expect("written");
    }
    fs::create_dir_all(room.path().join("shop")).expect("made");
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdpoint"));
    command.args(["check", text]).current_dir(room.path().join("shop")).env_clear();
    command.env("HOME", room.path()).env("PATH", "/usr/bin:/bin").status().expect("holdpoint runs").code()
}

const PROD: [(&str, &str); 2] =
    [(".kube/config", "arn:aws:eks:eu-west-1:1:cluster/shop-prod"), ("dev.yaml", "kind-dev")];

#[test]
fn changes_are_held_where_the_current_context_is_one_of_production() {
    for text in
        ["kubectl apply -f app.yaml", "helm upgrade shop ./chart", "cd /tmp && kubectl rollout restart deploy/web"]
    {
        assert_eq!(code(&PROD, text), Some(10), "{text}");
    }
    assert_eq!(code(&[(".config/argocd/config", "argo.example.com-prod")], "argocd app sync shop"), Some(10));
}

#[test]
fn reading_and_other_contexts_pass() {
    for text in [
        "kubectl get pods",
        "helm list",
        "kubectl --context kind-dev apply -f app.yaml",
        "KUBECONFIG=~/dev.yaml kubectl apply -f app.yaml",
        "kubectl --kubeconfig ../dev.yaml apply -f app.yaml",
        "KUBECONFIG=~/none.yaml:~/dev.yaml kubectl apply -f app.yaml",
    ] {
        assert_eq!(code(&PROD, text), Some(0), "{text}");
    }
    assert_eq!(code(&[(".kube/config", "nonprod-eu")], "kubectl apply -f app.yaml"), Some(0));
    assert_eq!(code(&[], "kubectl apply -f app.yaml"), Some(0));
}
