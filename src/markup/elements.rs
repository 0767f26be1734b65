//! What the elements of HTML mean for their text.

/// What an element does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Stands alone, with an empty line around it.
    Paragraph,
    /// Stands on lines of its own.
    Block,
    /// An entry of a list.
    Item,
    /// A list; `true` where it is numbered.
    List(bool),
    /// A line break.
    Break,
    /// A cell of a table.
    Cell,
    /// A link.
    Link,
    /// A picture with a text for those who do not see it.
    Picture,
    /// Text whose line breaks count.
    Preformatted,
    /// Nothing that anybody reads.
    Hidden,
    /// Changes only how the text looks.
    Inline,
}

/// The role of an element by its name in small letters; `None` for a name that HTML does not know.
pub(super) fn role(name: &str) -> Option<Role> {
    Some(match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "dl" | "table" | "hr" | "figure" => {
            Role::Paragraph
        }
        "div" | "section" | "article" | "header" | "footer" | "main" | "aside" | "nav" | "address" | "tr" | "dt"
        | "dd" | "caption" | "fieldset" | "legend" | "form" | "figcaption" | "details" | "summary" | "center"
        | "html" | "body" | "thead" | "tbody" | "tfoot" | "hgroup" | "search" | "option" | "dialog" => Role::Block,
        "li" => Role::Item,
        "ul" | "menu" | "dir" => Role::List(false),
        "ol" => Role::List(true),
        "br" => Role::Break,
        "td" | "th" => Role::Cell,
        "a" => Role::Link,
        "img" => Role::Picture,
        "pre" => Role::Preformatted,
        "script" | "style" | "head" | "title" | "template" | "noscript" | "iframe" | "object" | "embed" | "svg"
        | "math" | "textarea" | "select" | "audio" | "video" | "canvas" | "noframes" | "noembed" => Role::Hidden,
        "b" | "i" | "u" | "s" | "em" | "strong" | "small" | "big" | "font" | "span" | "sub" | "sup" | "mark"
        | "del" | "ins" | "strike" | "tt" | "code" | "kbd" | "samp" | "var" | "cite" | "q" | "abbr" | "acronym"
        | "dfn" | "time" | "data" | "ruby" | "rb" | "rt" | "rp" | "rtc" | "bdi" | "bdo" | "wbr" | "label" | "input"
        | "button" | "meta" | "link" | "base" | "area" | "map" | "col" | "colgroup" | "picture" | "source"
        | "track" | "param" | "nobr" | "blink" | "marquee" | "output" | "progress" | "meter" | "slot" | "optgroup"
        | "datalist" | "frame" | "frameset" => Role::Inline,
        _ => return None,
    })
}

/// Whether an element never has an end tag (HTML Living Standard §13.1.2).
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}
