use super::*;

#[track_caller]
fn assert_runs(form: Form, text: &str, names: &[&str], expected: &[&str]) {
    let asked = Asked { names: names.iter().map(|name| (*name).to_owned()).collect(), ..Asked::default() };
    let found: Vec<String> = read(form, text, &asked).unwrap_or_default().into_iter().map(|step| step.text).collect();
    assert_eq!(found, expected, "{names:?} of {text}");
}

const MAKE: &str = "OUT := build\nDIRS = $(OUT) lib\n\nall: app # the default\n\napp: dep\n\t@echo app $@ $<\n\ndep:\n\techo dep\n\n.PHONY: clean\nclean:\n\t-rm -rf $(DIRS)\n\tcd sub && \\\n\t  $(MAKE) clean\n\techo $$HOME $(NOT_SET)\n";

#[test]
fn a_makefile_s_recipes_are_found_with_what_they_need() {
    assert_runs(Form::Make, MAKE, &[], &["echo dep", "echo app app dep"]);
    assert_runs(
        Form::Make,
        MAKE,
        &["clean"],
        &["rm -rf build lib", "cd sub && \\\n  make clean", "echo $HOME ${NOT_SET}"],
    );
    assert_runs(Form::Make, "x := $(shell rm -rf a)\nall:\n\techo $(x)\n", &[], &["rm -rf a", "echo …"]);
    assert_runs(Form::Make, "a: b\n\tone\nb: a\n\ttwo\n", &["a"], &["two", "one"]);
    assert_runs(Form::Make, "a: ; one\nA = $(B)\nB = $(A)\nc:\n\techo $(A)\n", &["a"], &["one"]);
}

#[test]
fn a_justfile_s_recipes_are_found_with_their_parameters() {
    let text = "dir := 'build'\nalias c := clean\n\ndefault: test\n\ntest:\n  cargo test\n\nclean target=\"x\": # comment\n  @rm -rf {{dir}}/{{target}}\n";
    assert_runs(Form::Just, text, &[], &["cargo test"]);
    assert_runs(Form::Just, text, &["clean"], &["rm -rf build/x"]);
    assert_runs(Form::Just, text, &["clean", "y"], &["rm -rf build/y"]);
    assert_runs(Form::Just, text, &["c"], &["rm -rf build/x"]);
}

#[test]
fn scripts_of_packages_are_found() {
    let text = "{\"scripts\": {\"prebuild\": \"a\", \"build\": \"b\", \"other\": \"c\"}}";
    assert_runs(Form::Package, text, &["build", "--x y"], &["a", "b '--x y'"]);
    assert_runs(Form::Package, "{", &["build"], &[]);
    let text = "{\"scripts\": {\"a\": [\"one\", \"@b\"], \"b\": \"@php two\", \"c\": \"V\\\\C::d\"}}";
    assert_runs(Form::Composer, text, &["a"], &["php two", "one"]);
    assert_runs(Form::Composer, text, &["c"], &[]);
}

#[test]
fn tasks_are_found() {
    let text = "vars: {D: build}\ntasks:\n  default: {deps: [a], cmds: [one]}\n  a: rm -rf {{.D}}\n  b: {cmds: [{task: a}, {cmd: two}]}\n";
    assert_runs(Form::Task, text, &[], &["rm -rf build", "one"]);
    assert_runs(Form::Task, text, &["b"], &["rm -rf build", "two"]);
    let text = "task default: [:a]\n\nnamespace :db do\n  desc 'x'\n  task :drop do\n    sh 'x'\n  end\nend\ntask :a do |t|\n  rm_rf 'y'\nend\n";
    assert_runs(Form::Rake, text, &["db:drop"], &["sh 'x'\n"]);
    assert_runs(Form::Rake, text, &[], &["rm_rf 'y'\n", ""]);
}

#[test]
fn hostile_files_end_at_once() {
    for text in [
        "a: ".repeat(60_000),
        "a:\n\t$(".repeat(30_000),
        (0..20_000).map(|at| format!("t{at}: t{}\n\tx\n", at + 1)).collect(),
        format!("A = {}\nall:\n\t$(A)$(A)\n", "$(A)".repeat(1000)),
        "x = $(x)$(x)\nall:\n\t$(x)\n".to_owned(),
        (0..40).map(|at| format!("v{at} = $(v{})$(v{})\n", at + 1, at + 1)).collect::<String>() + "all:\n\t$(v0)\n",
        "{{".repeat(50_000),
        "[".repeat(100_000),
        "{\"scripts\":".repeat(30_000),
        "tasks: &a [*a, *a]".to_owned(),
        "namespace :a do\n".repeat(10_000),
    ] {
        for form in [Form::Make, Form::Just, Form::Package, Form::Composer, Form::Task, Form::Rake] {
            drop(read(form, &text, &Asked::default()));
        }
    }
}
