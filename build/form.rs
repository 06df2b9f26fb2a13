//! The definitions that the crate itself uses, so that the form of the rules and their reader cannot differ.

#[path = "../src/decide/action/call_form.rs"]
pub mod call_form;
#[path = "../src/decide/action/client_form.rs"]
pub mod client_form;
#[path = "../src/decide/action/credential.rs"]
pub mod credential;
#[path = "../src/decide/action/effect.rs"]
pub mod effect;
#[path = "../src/decide/action/freight.rs"]
pub mod freight;
#[path = "../src/decide/action/history_form.rs"]
pub mod history_form;
#[path = "../src/decide/action/list.rs"]
pub mod list;
#[path = "../src/decide/action/pack.rs"]
pub mod pack;
#[path = "../src/decide/action/place_form.rs"]
pub mod place_form;
#[path = "../src/decide/action/rider_form.rs"]
pub mod rider_form;
#[path = "../src/decide/action/topic.rs"]
pub mod topic;
#[path = "../src/decide/action/variable_form.rs"]
pub mod variable_form;
#[path = "../src/decide/action/wrapper_form.rs"]
pub mod wrapper_form;
