//! 电子认证业务规则: one text, filled in with this installation's names, shown as a page and given as a file.

use super::Trust;
use app::desk::trust::{Chapter, Section, StatementFacts, StatementView};
use certificate::sm3;

/// A change of the text is a new version.
const VERSION: &str = "1.0";
const EFFECTIVE_ON: &str = "2026-11-22";
const TEXT: &str = include_str!("statement.txt");

impl Trust {
    pub fn statement(&self) -> StatementView {
        let facts = StatementFacts {
            version: VERSION.to_owned(),
            effective_on: EFFECTIVE_ON.to_owned(),
            sm3: hex::encode(sm3(self.statement_text().as_bytes())),
        };
        StatementView { facts, chapters: chapters(&self.filled()) }
    }

    /// The file, UTF-8. Its digest stands beside it and not in it.
    pub fn statement_text(&self) -> String {
        let head =
            format!("{}电子认证业务规则\n版本 {VERSION}，{EFFECTIVE_ON} 生效\n", self.settings.organisation);
        let body = self.filled();
        let lines = body.lines().map(|line| match line.strip_prefix("# ") {
            Some(title) => format!("\n{title}\n"),
            None => format!("{}\n", line.strip_prefix("## ").unwrap_or(line)),
        });
        head + &lines.collect::<String>()
    }

    /// What begins with `?demo` or `?real` stands only where it is true.
    fn filled(&self) -> String {
        let (keep, drop) = if self.demo { ("?demo ", "?real ") } else { ("?real ", "?demo ") };
        let lines = TEXT.lines().filter(|line| !line.starts_with(drop));
        let lines = lines.map(|line| line.strip_prefix(keep).unwrap_or(line).to_owned() + "\n");
        let authority = &self.settings;
        lines
            .collect::<String>()
            .replace("{organisation}", &authority.organisation)
            .replace("{name}", &authority.name)
            .replace("{hotline}", &authority.hotline)
            .replace("{origin}", &self.public_origin)
    }
}

/// `# ` begins a chapter, `## ` a section, every other line is a paragraph.
fn chapters(text: &str) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            chapters.push(Chapter { title: title.to_owned(), sections: Vec::new() });
        } else if let (Some(title), Some(chapter)) = (line.strip_prefix("## "), chapters.last_mut()) {
            chapter.sections.push(Section { title: title.to_owned(), paragraphs: Vec::new() });
        } else if let Some(section) = chapters.last_mut().and_then(|chapter| chapter.sections.last_mut()) {
            section.paragraphs.push(line.to_owned());
        }
    }
    chapters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3647, 4: nine chapters; nothing stands outside of a section.
    #[test]
    fn the_text_has_the_nine_chapters_of_rfc_3647() {
        let chapters = chapters(TEXT);
        assert_eq!(chapters.len(), 9);
        let paragraphs = chapters.iter().flat_map(|chapter| &chapter.sections).map(|s| s.paragraphs.len());
        let titles = TEXT.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(paragraphs.sum::<usize>() + titles, TEXT.lines().count());
        assert!(chapters.iter().flat_map(|chapter| &chapter.sections).all(|s| !s.paragraphs.is_empty()));
    }
}
