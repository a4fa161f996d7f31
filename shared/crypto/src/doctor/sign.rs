//! Which string was signed.

use super::{difference, short};
use crate::canonical::{Changes, Profile, Token};
use crate::secret::Secret;

/// A way of signing that was seen in the field, and the knob that says so.
#[derive(Debug, Clone)]
pub struct Variant {
    /// What is different, in Chinese.
    pub name: &'static str,
    /// The knobs.
    pub changes: Changes,
    /// The only fields that are signed, where that is different.
    pub only: Option<&'static [&'static str]>,
    /// The knob as the partner's settings spell it, `skip = "none"`; none if the protocol has no setting for it.
    pub knob: Option<&'static str>,
}

/// A way of signing that the settings name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The knobs.
    pub profile: Profile,
    /// The only fields that are signed; none: all.
    pub only: Option<&'static [&'static str]>,
}

/// What was captured, and what it should agree with.
#[derive(Debug, Clone, Copy)]
pub struct Captured<'a> {
    /// The ways of the settings, the one we sign by first. Never empty.
    pub own: &'a [Recipe],
    /// The way of the document, from which variants differ and settings count.
    pub base: &'a Recipe,
    /// Further ways.
    pub variants: &'a [Variant],
    /// The fields in the order in which they stand in the message, without the signature.
    pub fields: &'a [(&'a str, Token<'a>)],
    /// The secret of the settings.
    pub secret: &'a Secret,
    /// What the partner calls the secret, in case it was sorted among the fields.
    pub secret_name: &'a str,
    /// The secrets of other partners, by their ids.
    pub others: &'a [(String, Secret)],
    /// The signature in the message, or the one that the partner expects.
    pub given: &'a str,
}

/// One variant tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Which.
    pub name: String,
    /// The string that is hashed, `***` for the secret, long values cut short.
    pub text: String,
    /// Its digest.
    pub digest: String,
    /// Whether that is the signature given.
    pub matches: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// The settings are right.
    Holds,
    /// One or two named variants fit: their knobs, `skip = "none", trim = true`.
    Setting(String),
    /// The signature holds once something is changed: what.
    Difference(String),
    /// Nothing fits: the secret is another one, or the message was changed on its way.
    Nothing,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The settings' own ways first.
    pub tried: Vec<Tried>,
    /// What to do.
    pub conclusion: Conclusion,
}

/// Tries the settings' own ways, then that of the document, every variant of it, two variants together, and then what people
/// get wrong in single fields.
#[must_use]
pub fn sign(captured: &Captured<'_>) -> Diagnosis {
    let mut ways = own_ways(captured);
    let own = ways.len();
    let documented =
        Variant { name: "文档默认方式", changes: Changes::default(), only: None, knob: Some("") };
    let base = Some(&documented).filter(|_| !captured.own.contains(captured.base));
    let variants: Vec<&Variant> = base.into_iter().chain(captured.variants).collect();
    ways.extend(variants.iter().map(|variant| (variant.name.to_owned(), captured.varied(&[variant]))));
    let mut tried: Vec<Tried> = ways.into_iter().map(|(name, way)| captured.try_one(name, &way)).collect();
    let conclusion = match tried.iter().position(|one| one.matches) {
        Some(at) if at < own => Conclusion::Holds,
        Some(at) => named(&[variants[at - own]]),
        None => match pair(captured) {
            Some(pair) => {
                let name = format!("{} + {}", pair[0].name, pair[1].name);
                tried.push(captured.try_one(name, &captured.varied(&pair)));
                named(&pair)
            }
            None => difference::of(captured).map_or(Conclusion::Nothing, Conclusion::Difference),
        },
    };
    Diagnosis { tried, conclusion }
}

fn own_ways(captured: &Captured<'_>) -> Vec<(String, Recipe)> {
    let name = |at| match at {
        0 => "当前配置".to_owned(),
        at => format!("当前配置 accept_also[{}]", at - 1),
    };
    captured.own.iter().enumerate().map(|(at, recipe)| (name(at), recipe.clone())).collect()
}

fn pair<'a>(captured: &Captured<'a>) -> Option<[&'a Variant; 2]> {
    let variants = captured.variants;
    let pairs = variants
        .iter()
        .enumerate()
        .flat_map(|(at, one)| variants[at + 1..].iter().map(move |other| [one, other]));
    let mut pairs = pairs.filter(|[one, other]| !one.contradicts(other));
    pairs.find(|pair| captured.holds(&captured.varied(pair), captured.fields, captured.secret))
}

/// The knobs, or the names if the settings have no knob for one.
fn named(variants: &[&Variant]) -> Conclusion {
    let knobs: Option<Vec<&str>> = variants.iter().map(|variant| variant.knob).collect();
    let names: Vec<&str> = variants.iter().map(|variant| variant.name).collect();
    match knobs {
        Some(knobs) => Conclusion::Setting(knobs.join(", ")),
        None => Conclusion::Difference(format!(
            "对方的签名方式为：{}；本协议没有对应配置项，请对方按文档签名",
            names.join(" + ")
        )),
    }
}

impl Variant {
    /// Two that turn the same knob cannot both be meant.
    fn contradicts(&self, other: &Self) -> bool {
        let turned = |variant: &Self| -> [bool; 12] {
            let changes = &variant.changes;
            [
                changes.sort.is_some(),
                changes.kv.is_some(),
                changes.joiner.is_some(),
                changes.skip.is_some(),
                changes.null_as.is_some(),
                changes.trim.is_some(),
                changes.secret.is_some(),
                changes.digest.is_some(),
                changes.hex.is_some(),
                changes.number.is_some(),
                changes.nested.is_some(),
                variant.only.is_some(),
            ]
        };
        turned(self).iter().zip(turned(other)).any(|(one, other)| *one && other)
    }
}

impl Captured<'_> {
    /// The way of the document with these variants laid over it.
    pub(super) fn varied(&self, variants: &[&Variant]) -> Recipe {
        variants.iter().fold(self.base.clone(), |recipe, variant| Recipe {
            profile: variant.changes.on(&recipe.profile),
            only: variant.only.or(recipe.only),
        })
    }

    pub(super) fn holds(&self, way: &Recipe, fields: &[(&str, Token<'_>)], secret: &Secret) -> bool {
        way.profile.verify(&way.signed(fields), secret, self.given.trim())
    }

    fn try_one(&self, name: String, way: &Recipe) -> Tried {
        let fields = way.signed(self.fields);
        Tried {
            name,
            text: short(&way.profile.masked(&fields)),
            digest: way.profile.sign(&fields, self.secret),
            matches: way.profile.verify(&fields, self.secret, self.given.trim()),
        }
    }
}

impl Recipe {
    pub(super) fn signed<'a>(&self, fields: &[(&'a str, Token<'a>)]) -> Vec<(&'a str, Token<'a>)> {
        let signed = |(name, _): &&(&str, Token<'_>)| self.only.is_none_or(|only| only.contains(name));
        fields.iter().filter(signed).copied().collect()
    }
}

#[cfg(test)]
mod tests;
