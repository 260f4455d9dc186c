//! Which column is which, by its header.

use super::Meaning;

/// Headers of the column of codes, the surest first.
const CODE: &[&str] = &[
    "code",
    "编码",
    "代码",
    "unitcode",
    "orgcode",
    "单位编码",
    "单位代码",
    "机构编码",
    "机构代码",
    "部门编码",
    "部门代码",
    "组织编码",
    "组织代码",
    "行政区划代码",
    "区划代码",
    "区划编码",
    "单位编号",
    "机构编号",
    "部门编号",
    "编号",
    "id",
    "unitid",
    "组织机构代码",
    "统一社会信用代码",
    "社会信用代码",
];

/// Headers of the column of names, the surest first.
const NAME: &[&str] = &[
    "name",
    "名称",
    "unitname",
    "orgname",
    "单位名称",
    "机构名称",
    "部门名称",
    "组织名称",
    "区划名称",
    "单位全称",
    "机构全称",
    "全称",
    "单位",
    "机构",
    "部门",
    "unit",
    "简称",
];

/// Headers of the column of kinds.
const KIND: &[&str] = &[
    "kind",
    "type",
    "category",
    "unittype",
    "类型",
    "类别",
    "单位类型",
    "单位类别",
    "机构类型",
    "机构类别",
    "部门类型",
    "单位性质",
    "性质",
];

/// Headers of a column of parents' codes, beside those that begin with one of [`ABOVE`].
const PARENT: &[&str] = &["pid", "pcode", "parent", "superior"];

/// Headers of latitudes in degrees.
const LATITUDE: &[&str] = &["latitude", "lat", "纬度", "北纬"];

/// Headers of longitudes in degrees.
const LONGITUDE: &[&str] = &["longitude", "lon", "lng", "long", "经度", "东经"];

/// How headers of a column of parents' codes begin.
const ABOVE: &[&str] = &["parentcode", "parentid", "parentunit", "上级", "父", "主管", "隶属"];

/// How headers of an ancestor's codes end: `areaCode`, 区县编码.
const CODE_ENDINGS: &[&str] = &["code", "编码", "代码"];

/// How headers of names end.
const NAME_ENDINGS: &[&str] = &["name", "名称"];

/// Codes that are not a unit's.
const OTHER_CODES: &[&str] = &[
    "postcode",
    "postalcode",
    "zipcode",
    "creditcode",
    "qrcode",
    "barcode",
    "邮政编码",
    "信用代码",
    "组织机构代码",
];

/// Where a table keeps what, as positions of columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub code: usize,
    pub name: usize,
    pub kind: Option<usize>,
    pub parent: Option<usize>,
    /// Other columns of codes: of ancestors, in no particular order.
    pub ancestors: Vec<usize>,
    pub latitude: Option<usize>,
    pub longitude: Option<usize>,
}

impl Columns {
    /// Recognises a row of headers: it has one for codes and one for names.
    pub fn of(cells: &[String]) -> Option<Self> {
        let headers: Vec<String> = cells.iter().map(|cell| normal(cell)).collect();
        let first =
            |known: &[&str]| known.iter().find_map(|it| headers.iter().position(|header| header == it));
        let (code, name) = match (first(CODE), first(NAME)) {
            (Some(code), Some(name)) => (code, name),
            (None, _) | (_, None) => pair(&headers)?,
        };
        let free = |column: &usize| ![code, name].contains(column);
        let parent =
            first(PARENT).or_else(|| headers.iter().position(|header| is_parent(header))).filter(free);
        let is_ancestor = |column: &usize| {
            free(column) && Some(*column) != parent && stem(&headers[*column], CODE_ENDINGS).is_some()
        };
        let known = |column: &usize| !OTHER_CODES.iter().any(|other| headers[*column].ends_with(other));
        let ancestors = (0..headers.len()).filter(is_ancestor).filter(known).collect();
        let [latitude, longitude] = [LATITUDE, LONGITUDE].map(|known| first(known).filter(free));
        Some(Self { code, name, kind: first(KIND).filter(free), parent, ancestors, latitude, longitude })
    }

    /// What a person says the columns are; `None` when none of them has codes, or none names.
    pub fn mapped(meanings: &[Meaning]) -> Option<Self> {
        let first = |wanted| meanings.iter().position(|meaning| *meaning == wanted);
        let ancestors = (0..meanings.len()).filter(|&column| meanings[column] == Meaning::Ancestor);
        Some(Self {
            code: first(Meaning::Code)?,
            name: first(Meaning::Name)?,
            kind: first(Meaning::Kind),
            parent: first(Meaning::Parent),
            ancestors: ancestors.collect(),
            latitude: first(Meaning::Latitude),
            longitude: first(Meaning::Longitude),
        })
    }

    /// What a column is.
    pub fn meaning(&self, column: usize) -> Meaning {
        match Some(column) {
            _ if column == self.code => Meaning::Code,
            _ if column == self.name => Meaning::Name,
            _ if self.ancestors.contains(&column) => Meaning::Ancestor,
            some if some == self.kind => Meaning::Kind,
            some if some == self.parent => Meaning::Parent,
            some if some == self.latitude => Meaning::Latitude,
            some if some == self.longitude => Meaning::Longitude,
            _ => Meaning::Nothing,
        }
    }
}

/// A code and a name that belong together, as `streetCode` and `streetName`. Of several pairs the last, since tables
/// that spell out every level begin with the highest.
fn pair(headers: &[String]) -> Option<(usize, usize)> {
    headers.iter().enumerate().rev().find_map(|(code, header)| {
        let unit = stem(header, CODE_ENDINGS)?;
        let name = headers.iter().position(|header| stem(header, NAME_ENDINGS) == Some(unit))?;
        Some((code, name))
    })
}

fn is_parent(header: &str) -> bool {
    ABOVE.iter().any(|above| header.starts_with(above)) && stem(header, NAME_ENDINGS).is_none()
}

fn stem<'h>(header: &'h str, endings: &[&str]) -> Option<&'h str> {
    endings.iter().find_map(|ending| header.strip_suffix(ending))
}

/// A header without case, punctuation, and remarks in brackets.
fn normal(header: &str) -> String {
    let bare = header.split(['(', '（', '[', '【']).next().unwrap_or_default();
    bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headers: &str) -> Option<Columns> {
        let cells: Vec<String> = headers.split(',').map(str::to_owned).collect();
        Columns::of(&cells)
    }

    #[test]
    fn headers_are_recognised_in_both_languages_and_any_order() {
        for (headers, (code, name, kind, parent, ancestors)) in [
            ("code,name", (0, 1, None, None, vec![])),
            ("code,name,areaCode,provinceCode,cityCode", (0, 1, None, None, vec![2, 3, 4])),
            ("Name,Unit_Code,Type,Parent", (1, 0, Some(2), Some(3), vec![])),
            ("序号,单位名称,单位编码,上级单位编码,单位类型", (2, 1, Some(4), Some(3), vec![])),
            ("编码（必填）,名称 *,类别,上级", (0, 1, Some(2), Some(3), vec![])),
            ("区县编码,单位代码,单位名称,邮政编码", (1, 2, None, None, vec![0])),
            ("统一社会信用代码,名称", (0, 1, None, None, vec![])),
            ("统一社会信用代码,编码,名称", (1, 2, None, None, vec![])),
            ("id,name,pid", (0, 1, None, Some(2), vec![])),
            ("code,name,上级名称,上级编码", (0, 1, None, Some(3), vec![])),
            ("provinceCode,provinceName,streetCode,streetName", (2, 3, None, None, vec![0])),
        ] {
            let expected = Columns { code, name, kind, parent, ancestors, ..Columns::default() };
            assert_eq!(columns(headers), Some(expected), "{headers}");
        }
    }

    #[test]
    fn places_are_recognised_in_both_languages() {
        for headers in
            ["code,name,纬度（WGS84）,经度（WGS84）", "code,name,Latitude,Longitude", "编码,名称,lat,lng"]
        {
            let found = columns(headers).expect("headers");
            assert_eq!((found.latitude, found.longitude), (Some(2), Some(3)), "{headers}");
        }
    }

    #[test]
    fn rows_without_a_code_or_a_name_are_no_headers() {
        for headers in ["", "name", "code", "110101,东城区", "parent,kind", "areaCode,streetName"] {
            assert_eq!(columns(headers), None, "{headers}");
        }
    }
}
