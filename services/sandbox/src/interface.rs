//! A row of a document's table of interfaces, whichever document it is.

/// Who starts an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// 平台 → 金融机构.
    ToInstitution,
    /// 金融机构 → 平台.
    ToPlatform,
}

/// An interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interface {
    /// Section of the document.
    pub section: &'static str,
    /// 接口编码, as it appears on the wire or in the address.
    pub method: &'static str,
    /// 接口名称.
    pub title: &'static str,
    /// 数据流向.
    pub direction: Direction,
}

/// An interface that the platform calls.
pub(crate) const fn asked(section: &'static str, method: &'static str, title: &'static str) -> Interface {
    Interface { section, method, title, direction: Direction::ToInstitution }
}

/// An interface that the institution calls.
pub(crate) const fn told(section: &'static str, method: &'static str, title: &'static str) -> Interface {
    Interface { section, method, title, direction: Direction::ToPlatform }
}
