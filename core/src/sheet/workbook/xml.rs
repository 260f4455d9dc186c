//! XML as far as workbooks need it: tags with attributes, and text.

use crate::problem::Problem;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// A document that is read from its beginning to its end.
pub(super) struct Xml<'t> {
    reader: Reader<&'t [u8]>,
}

/// What comes next in a document.
pub(super) enum Tag<'t> {
    /// An element begins; an empty one ends with the next tag.
    Start(Start<'t>),
    /// An element of this name ends.
    End(String),
    /// Text, entities resolved.
    Text(String),
}

/// The beginning of an element.
pub(super) struct Start<'t>(BytesStart<'t>);

impl<'t> Xml<'t> {
    /// Begins to read a document.
    pub fn of(text: &'t str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader }
    }

    /// What comes next; `None` at the end. Comments, declarations and instructions are passed over.
    pub fn next_tag(&mut self) -> Result<Option<Tag<'t>>, Problem> {
        loop {
            let tag = match self.reader.read_event().map_err(|_| Problem::SheetUnreadable)? {
                Event::Start(start) => Tag::Start(Start(start)),
                Event::End(end) => Tag::End(end.local_name().as_ref().to_owned()),
                Event::Text(text) => Tag::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Tag::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(entity) => Tag::Text(resolved(&entity)?),
                Event::Eof => return Ok(None),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                    continue;
                }
            };
            return Ok(Some(tag));
        }
    }
}

impl Start<'_> {
    /// Whether the element has this name, in whatever namespace.
    pub fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name
    }

    /// The element's name without namespace.
    pub fn name(&self) -> String {
        self.0.local_name().as_ref().to_owned()
    }

    /// An attribute's value, by its name without namespace.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found =
            attributes.with_checks(false).flatten().find(|it| it.key.local_name().as_ref() == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
    }
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, Problem> {
    if let Some(text) = resolve_predefined_entity(entity) {
        return Ok(text.to_owned());
    }
    match entity.resolve_char_ref() {
        Ok(Some(c)) => Ok(c.into()),
        Ok(None) | Err(_) => Err(Problem::SheetUnreadable),
    }
}
