use std::fmt::Write;

use proptest::prelude::*;

use super::{looks_like_html, plain_text};

#[test]
fn paragraphs_and_breaks_become_lines() {
    assert_eq!(plain_text("<p>一つ目の段落。</p><p>二つ目の<br>段落。</p>"), "一つ目の段落。\n\n二つ目の\n段落。");
    assert_eq!(plain_text("<div>一</div><div>二</div><div><div>三</div></div>"), "一\n二\n三");
    assert_eq!(plain_text("<h2>見本</h2>\n<div>本文</div>"), "見本\n\n本文");
    assert_eq!(plain_text("一<br><br><br><br>二"), "一\n\n二");
}

#[test]
fn lists_are_marked_and_numbered() {
    assert_eq!(plain_text("持ち物<ul><li>軍手</li><li>飲み物</li></ul>以上"), "持ち物\n\n・軍手\n・飲み物\n\n以上");
    assert_eq!(plain_text("<ol><li>集合<li>清掃<li>解散</ol>"), "1. 集合\n2. 清掃\n3. 解散");
    assert_eq!(plain_text("<ul><li>一<ul><li>一の一</ul><li>二</ul>"), "・一\n　・一の一\n・二");
}

#[test]
fn tables_keep_their_rows() {
    let table = "<table><tr><th>日</th><th>場所</th></tr><tr><td>1日</td><td>厳原</td></tr></table>";
    assert_eq!(plain_text(table), "日　場所\n1日　厳原");
}

#[test]
fn links_say_where_they_lead_unless_it_is_nowhere_good() {
    assert_eq!(
        plain_text(r#"<a href="https://example.jp/a?b=1&amp;c=2">申込み</a>はこちら"#),
        "申込み (https://example.jp/a?b=1&c=2)はこちら"
    );
    assert_eq!(plain_text(r#"<a href="https://example.jp/">https://example.jp</a>"#), "https://example.jp");
    assert_eq!(plain_text(r#"<a href="https://example.jp/"><img src=x></a>"#), "https://example.jp/");
    for bad in ["javascript:alert(1)", "data:text/html,x", "/here", "JaVaScRiPt:x", "vbscript:x", "https://", ""] {
        assert_eq!(plain_text(&format!("<a href=\"{bad}\">押す</a>")), "押す", "{bad}");
    }
    assert_eq!(plain_text("<a href=https://example.jp/x>閉じない"), "閉じない (https://example.jp/x)");
}

#[test]
fn what_nobody_reads_is_dropped() {
    let html = "<style>p{color:red}</style>見<script>alert('悪')</script>本<!-- 隠し -->の<noscript>x</noscript><svg><text>図</text></svg>集い<iframe>y</iframe>";
    assert_eq!(plain_text(html), "見本の集い");
    assert_eq!(plain_text("<img src=x onerror=alert(1) alt=\"ポスター\">"), "ポスター");
}

#[test]
fn entities_are_what_they_stand_for() {
    assert_eq!(
        plain_text("A&nbsp;&amp;&nbsp;B &lt;b&gt; &#12354;&#x3044; &yen;500 &unknown;"),
        "A & B <b> あい ¥500 &unknown;"
    );
}

#[test]
fn blanks_of_the_source_are_one_and_none_between_japanese() {
    assert_eq!(plain_text("<p>春の\n   集い  2026\n  Spring   party\n</p>"), "春の集い 2026 Spring party");
    assert_eq!(plain_text("<pre>一\n  二</pre>"), "一\n二");
}

#[test]
fn lines_are_kept_where_no_tag_breaks_them() {
    assert_eq!(plain_text("<b>見本</b>の集い\n10時から\n\n\n雨天中止"), "見本の集い\n10時から\n\n雨天中止");
}

#[test]
fn what_only_looks_like_a_tag_stays() {
    assert_eq!(plain_text("<注意> 雨天中止<br>1 < 2"), "<注意> 雨天中止\n1 < 2");
    assert_eq!(
        plain_text("連絡先 <mihon@example.jp><br>詳しくは<https://example.jp/a>"),
        "連絡先 <mihon@example.jp>\n詳しくは<https://example.jp/a>"
    );
    assert_eq!(plain_text("<o:p>見本</o:p><br><madeup>の</madeup>会"), "見本\nの会");
}

#[test]
fn html_is_told_from_text() {
    for html in [
        "<b>太字</b>",
        "一<br>二",
        "一<br/>二",
        "<P CLASS=x>",
        "</div>",
        "A&nbsp;B",
        "&#39;",
        "&#x3042;",
        "<a href=\"x\">",
        "R&amp;D",
    ] {
        assert!(looks_like_html(html), "{html}");
    }
    for text in [
        "<注意> 雨天中止",
        "1 < 2 > 0",
        "a<b",
        "<mihon@example.jp>",
        "<https://example.jp>",
        "Q&A; その他",
        "A & B",
        "<3",
        "<bとc>",
        "<br",
        "&#;",
        "&;",
        "",
    ] {
        assert!(!looks_like_html(text), "{text}");
    }
}

#[test]
fn a_huge_or_deep_text_is_bounded() {
    assert!(plain_text(&"<div>".repeat(300_000)).is_empty());
    assert_eq!(
        plain_text(&format!("{}見本", "<ul><li>".repeat(50_000))).chars().filter(|letter| *letter == '　').count(),
        5 * 50_000 - 15
    );
    assert!(plain_text(&"<li>".repeat(2_000_000)).len() <= (1 << 20) + 1_000);
    assert!(plain_text(&"&".repeat(3_000_000)).len() <= 1 << 20);
    let mut links = String::new();
    for number in 0..50_000 {
        write!(links, "<a href=https://example.jp/{number}>").expect("a string");
    }
    assert!(plain_text(&links).len() <= (1 << 20) + 3_000);
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
        let plain = plain_text(&text);
        prop_assert!(!plain.contains('\0'));
        let _ = looks_like_html(&text);
    }

    #[test]
    fn tags_in_any_order_are_read_without_panic(parts in proptest::collection::vec("(</?(p|ul|ol|li|a|b|pre|td|script|style|svg|title|template|br|注意|x@y)( href=\"?(https://a.jp|javascript:x)\"?)?>|&[a-z#0-9]{0,6};|<!--|-->|[a-zあ-ん \n]{1,5})", 0..40)) {
        let plain = plain_text(&parts.concat());
        prop_assert!(plain.trim() == plain.trim_matches(['\n', ' ', '　']), "{plain:?}");
    }
}
