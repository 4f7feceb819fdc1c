//! Rules about explanations, rationales and sources.

use super::super::diagnostic_code::DiagnosticCode;
use super::lead_ins::names_an_option;
use super::tokens::words;
use super::{Finding, Place, choices, finding};
use crate::core::question::Question;

/// Hosts and names that are not primary sources: question banks, content farms, wikis without authors.
const NOT_PRIMARY: &[&str] = &[
    "wikipedia",
    "geeksforgeeks",
    "stack overflow",
    "stackoverflow",
    "medium.com",
    "quora",
    "chatgpt",
    "examtopics",
    "w3schools",
    "tutorialspoint",
    "javatpoint",
    "baeldung",
    "educative",
    "linkedin",
];

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    explanation_length(question, out);
    rationales(question, out);
    positions(question, out);
    sources(question, out);
    expiry(question, out);
}

/// L14, L14b: an explanation of 350 to 900 characters.
fn explanation_length(question: &Question, out: &mut Vec<Finding>) {
    let n = question.explanation.line().chars().count();
    let help = "350 to 900 characters: the mechanism, why the tempting answers fail, the limit of the rule";
    let place = Place::Key("explanation");
    if n < 120 {
        out.push(finding(
            DiagnosticCode::NoExplanation,
            place,
            format!("the explanation has {n} characters"),
            help,
        ));
    } else if !(350..=900).contains(&n) {
        out.push(finding(
            DiagnosticCode::ExplanationLength,
            place,
            format!("the explanation has {n} characters"),
            help,
        ));
    }
}

/// L15: a rationale that is long enough to explain the option.
fn rationales(question: &Question, out: &mut Vec<Finding>) {
    for (i, option) in choices(question).iter().enumerate() {
        let n = option.why.line().chars().count();
        if n < 30 {
            let message = format!("the rationale has {n} characters");
            out.push(finding(
                DiagnosticCode::Rationale,
                Place::Why(i),
                message,
                "say why it fails, in at least 30 characters",
            ));
        }
    }
}

/// L25: no option named by its letter or position, because options are shuffled.
fn positions(question: &Question, out: &mut Vec<Finding>) {
    if choices(question).is_empty() {
        return;
    }
    let help = "options are shuffled: name it by what it says";
    let message = "an option is named by its letter or place";
    let texts = [
        ("stem", &question.stem),
        ("lead_in", &question.lead_in),
        ("explanation", &question.explanation),
    ];
    let names_one = texts
        .into_iter()
        .filter(|(_, text)| names_an_option(&text.line()));
    for (key, _) in names_one {
        out.push(finding(
            DiagnosticCode::Position,
            Place::Key(key),
            message,
            help,
        ));
    }
    for (i, option) in choices(question).iter().enumerate() {
        if names_an_option(&option.why.line()) {
            out.push(finding(
                DiagnosticCode::Position,
                Place::Why(i),
                message,
                help,
            ));
        }
    }
}

/// L34: references to primary sources only.
fn sources(question: &Question, out: &mut Vec<Finding>) {
    for (i, reference) in question.references.iter().enumerate() {
        let all = format!(
            "{} {} {}",
            reference.author, reference.title, reference.place
        )
        .to_lowercase();
        if let Some(name) = NOT_PRIMARY.iter().find(|name| all.contains(*name)) {
            let message = format!("{name} is not a primary source");
            out.push(finding(
                DiagnosticCode::Source,
                Place::Reference(i),
                message,
                "cite the paper, the book or the manual",
            ));
        }
    }
}

/// L33: product facts that can change need the date on which they were checked.
fn expiry(question: &Question, out: &mut Vec<Finding>) {
    if question.checked.is_some() {
        return;
    }
    const PRODUCTS: [&str; 17] = [
        "kafka",
        "kubernetes",
        "postgresql",
        "mysql",
        "dynamodb",
        "cassandra",
        "terraform",
        "prometheus",
        "redis",
        "etcd",
        "zookeeper",
        "sqs",
        "lambda",
        "s3",
        "spanner",
        "mongodb",
        "rabbitmq",
    ];
    let text = format!("{} {}", question.stem.line(), question.explanation.line()).to_lowercase();
    let product = words(&text)
        .into_iter()
        .find(|w| PRODUCTS.contains(&w.as_str()));
    let claims = [
        "by default",
        "default is",
        "defaults to",
        "quota",
        "at most per",
        "version ",
    ];
    let claim = claims.iter().find(|claim| text.contains(*claim));
    if let (Some(product), Some(claim)) = (product, claim) {
        let message = format!(
            "\"{}\" of {product} can change, and nothing says when it was looked up",
            claim.trim()
        );
        out.push(finding(
            DiagnosticCode::Expiry,
            Place::Key("explanation"),
            message,
            "add checked = { on = \"YYYY-MM-DD\", against = \"...\" }",
        ));
    }
}
