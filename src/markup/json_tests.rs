use proptest::prelude::*;

use super::json::{Document, Fault, Object, Value, document};

fn read(text: &str) -> Document {
    document(text, 1, &mut 10_000)
}

fn one(text: &str) -> Value {
    let mut document = read(text);
    assert_eq!(document.fault, None, "{text}");
    assert_eq!(document.roots.len(), 1, "{text}");
    document.roots.remove(0)
}

/// What serde_json reads, as our value.
fn theirs(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Truth(*truth),
        serde_json::Value::Number(number) => Value::Number(number.to_string()),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(list) => Value::List(list.iter().map(theirs).collect()),
        serde_json::Value::Object(members) => Value::Object(Object {
            line: 1,
            is_cut: false,
            members: members.iter().map(|(name, value)| (name.clone(), theirs(value))).collect(),
        }),
    }
}

#[test]
fn blemishes_of_real_pages_are_forgiven() {
    let expected = one(r#"{"a":[1,"二",true,null]}"#);
    for blemished in [
        "\u{FEFF}\n{\"a\":[1,\"二\",true,null]};",
        "<!-- {\"a\":[1,\"二\",true,null]} -->",
        "<![CDATA[{\"a\":[1,\"二\",true,null]}]]>",
        "//<![CDATA[\n{\"a\":[1,\"二\",true,null]}\n//]]>",
        "/* <![CDATA[ */{\"a\":[1,\"二\",true,null,],},}/* ]]> */".trim_end_matches('x'),
        "{\"a\": [1, \"二\", true, undefined] // 注\n}",
    ] {
        let document = read(blemished);
        let Some(Value::Object(object)) = document.roots.first() else { panic!("{blemished}: {document:?}") };
        let Value::Object(expected) = &expected else { panic!("an object") };
        assert_eq!(object.members, expected.members, "{blemished}");
    }
}

#[test]
fn several_roots_and_raw_line_breaks_are_read() {
    assert_eq!(read("{}{}\n,[];").roots.len(), 3);
    assert_eq!(one("\"一\n\t二\u{1}\""), Value::Text("一\n\t二\u{1}".into()));
    assert_eq!(one(r#""\ud83c\udf89 \ud83c \u3042 \' \/""#), Value::Text("🎉 \u{FFFD} あ ' /".into()));
}

#[test]
fn what_stands_before_a_fault_is_kept_and_what_is_cut_says_so() {
    let document = read("[{\"a\":1},\n{\"b\":2},\n{\"c\":ん}]");
    assert_eq!(document.fault, Some((3, Fault::Syntax)));
    let [Value::List(list)] = &document.roots[..] else { panic!("a list") };
    let cut: Vec<bool> = list.iter().map(|value| matches!(value, Value::Object(object) if object.is_cut)).collect();
    assert_eq!(cut, [false, false, true]);
    assert_eq!(read("{\"a\":\"終わらない").fault, Some((1, Fault::End)));
}

#[test]
fn depth_and_number_of_values_are_bounded() {
    assert_eq!(read(&"[".repeat(1_000_000)).fault, Some((1, Fault::Depth)));
    assert_eq!(read(&"{\"a\":".repeat(100_000)).fault, Some((1, Fault::Depth)));
    let mut room = 1_000;
    let document = document(&format!("[{}1]", "1,".repeat(2_000)), 1, &mut room);
    assert_eq!((document.fault, room), (Some((1, Fault::Count)), 0));
}

#[test]
fn objects_know_the_line_they_begin_on() {
    let document = document("\n\n{\"a\":\n  {\"b\":\n1}}", 10, &mut 100);
    let [Value::Object(outer)] = &document.roots[..] else { panic!("an object") };
    let Some(Value::Object(inner)) = outer.get("a") else { panic!("an object") };
    assert_eq!((outer.line, inner.line), (12, 13));
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "\\PC{0,8}|[\\x00-\\x1f\"\\\\/]{0,4}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::Array),
            proptest::collection::btree_map("[a-z@]{1,4}", inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_json_is_read_as_another_reader_reads_it(value in any_json()) {
        prop_assert_eq!(one(&value.to_string()), theirs(&value));
    }

    #[test]
    fn nothing_makes_it_panic(text in "[\\[\\]{}\",:;a-z0-9\\\\u<>!/*\n \\-ん]{0,80}") {
        let _ = read(&text);
    }
}
