//! Links between the pages of a long list.

/// Where one is in a long list, and the ways to its other pages.
#[derive(Debug, PartialEq, Eq)]
pub struct Pager {
    /// Number of the first line shown, from 1; 0 when the list is empty.
    pub first: usize,
    /// Number of the last line shown.
    pub last: usize,
    /// Lines in the whole list.
    pub total: usize,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// The pages worth naming: the first, the last and those around this one.
    pub pages: Vec<PageLink>,
}

/// A page of the list by its number.
#[derive(Debug, PartialEq, Eq)]
pub struct PageLink {
    /// The number.
    pub label: String,
    /// Its address.
    pub url: String,
    /// Whether it is the page shown.
    pub current: bool,
}

impl Pager {
    /// The pager of page `page` (from 1) of a list of `total` lines; `url` makes the address of a page.
    pub fn new(total: usize, page: usize, size: usize, url: impl Fn(usize) -> String) -> Self {
        let count = total.div_ceil(size).max(1);
        let page = page.clamp(1, count);
        let near = |number: &usize| *number == 1 || *number == count || number.abs_diff(page) <= 2;
        let pages = (1..=count).filter(near);
        Self {
            first: if total == 0 { 0 } else { (page - 1) * size + 1 },
            last: (page * size).min(total),
            total,
            previous: (page > 1).then(|| url(page - 1)),
            next: (page < count).then(|| url(page + 1)),
            pages: pages
                .map(|number| PageLink { label: number.to_string(), url: url(number), current: number == page })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pager;

    fn labels(pager: &Pager) -> Vec<&str> {
        pager.pages.iter().map(|page| page.label.as_str()).collect()
    }

    #[test]
    fn an_empty_list_has_one_page_and_no_lines() {
        let pager = Pager::new(0, 1, 20, |n| n.to_string());
        assert_eq!((pager.first, pager.last, labels(&pager)), (0, 0, vec!["1"]));
    }

    #[test]
    fn a_long_list_names_its_ends_and_the_pages_around() {
        let pager = Pager::new(400, 10, 20, |n| format!("?page={n}"));
        assert_eq!(labels(&pager), ["1", "8", "9", "10", "11", "12", "20"]);
        assert_eq!((pager.first, pager.last), (181, 200));
        assert_eq!(pager.previous.as_deref(), Some("?page=9"));
    }

    #[test]
    fn a_page_behind_the_end_is_the_last_one() {
        let pager = Pager::new(41, 99, 20, |n| n.to_string());
        assert_eq!((pager.first, pager.last, pager.next), (41, 41, None));
    }
}
