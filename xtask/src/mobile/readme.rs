//! The examples of READMEs as tests; an expression with a value beside it is compared with that value.

/// The Kotlin of a README as one function.
pub(super) fn kotlin(readme: &str) -> String {
    let head = "package bareme\n\nimport org.junit.jupiter.api.Assertions.assertEquals\n\nsuspend fun readme() {\n";
    test(readme, "kotlin", head, "assertEquals", "}\n")
}

/// The Swift of a README as one test.
pub(super) fn swift(readme: &str) -> String {
    let head = "import Foundation\nimport XCTest\n\n@testable import Bareme\n\nextension BaremeTests {\n    \
                func testReadme() async throws {\n";
    test(readme, "swift", head, "XCTAssertEqual", "    }\n}\n")
}

fn test(readme: &str, language: &str, head: &str, equal: &str, tail: &str) -> String {
    let mut text = head.to_owned();
    let mut inside = false;
    for line in readme.lines() {
        if let Some(fence) = line.strip_prefix("```") {
            inside = fence == language;
            continue;
        }
        if !inside || line.starts_with("import ") {
            continue;
        }
        let shown = match line.split_once(" // ") {
            Some((expression, value)) if is_value(value) => {
                let indent = expression.len() - expression.trim_start().len();
                format!("{}{equal}({value}, {})", " ".repeat(indent), expression.trim())
            }
            _ => line.to_owned(),
        };
        text.push_str("    ");
        text.push_str(&shown);
        text.push('\n');
    }
    text.push_str(tail);
    text
}

/// A number, a text, a truth, or a case of an enumeration; anything else is a comment.
fn is_value(text: &str) -> bool {
    let number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let quoted = text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    number || quoted || text == "true" || text.starts_with("Status.")
}

#[cfg(test)]
mod tests {
    use super::kotlin;

    #[test]
    fn values_beside_expressions_are_compared() {
        let text =
            kotlin("```kotlin\nimport bareme.*\nval x = f() // why\nx.size // 2\n  x.name // \"a b\"\n```\nx // 3\n");
        let body = "{\n    val x = f() // why\n    assertEquals(2, x.size)\n      assertEquals(\"a b\", x.name)\n}\n";
        assert!(text.ends_with(body), "{text}");
    }
}
