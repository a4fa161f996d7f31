//! What can be changed about a partner while everything runs.

use super::{By, partner};
use crate::rehearse::spoken;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use domain::PartnerId;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// Write a commented file for a partner that has none yet, never over one that is there (新平台).
    New(NewPartner),
    /// Print the sheet for its engineer: addresses, variants, a worked example with dummy keys, what is to be settled (联调说明).
    Guide(GuideOf),
    /// Stop serving and telling it: its requests are told to come again, its callbacks wait (暂停).
    Pause(Pause),
    /// Go on (恢复).
    Resume(Pause),
    /// Give it new keys; the old ones are accepted for some days more (密钥轮换).
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(crate) struct NewPartner {
    /// The protocol it speaks.
    #[arg(value_parser = PossibleValuesParser::new(spoken()))]
    pub(crate) kind: String,
    /// Its id: lower-case letters, digits and inner hyphens. Default: the name of the protocol.
    #[arg(long, value_parser = partner)]
    pub(crate) id: Option<PartnerId>,
    /// Where to write it; - for standard output. Default: ID.toml in the folder of partners.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The folder in which its secrets are to lie. Default: secrets, beside the folder of partners.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) secrets: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct GuideOf {
    /// The partner.
    #[arg(value_parser = partner)]
    pub(crate) id: PartnerId,
    /// The language of the sheet.
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    pub(crate) lang: Lang,
    /// What the partner reaches us by, https://host/path. Default: public_base_url of its file, or where ingress listens.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

/// The language of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

#[derive(Debug, Args)]
pub(crate) struct Pause {
    /// The partner.
    #[arg(value_parser = partner)]
    pub(crate) id: PartnerId,
    /// Only this interface, whichever side calls; repeat it for several.
    #[arg(long, value_name = "NAME")]
    pub(crate) interface: Vec<String>,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The partner.
    #[arg(value_parser = partner)]
    pub(crate) id: PartnerId,
    /// A setting and its new value, `secret_key=file:PATH`; repeat it for several. Secrets are named, never written.
    #[arg(long, required = true, value_name = "KEY=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
    /// How long the old keys are accepted.
    #[arg(long, default_value_t = 14, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(crate) days: u16,
    /// Even if an earlier overlap has not ended.
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write KEY=VALUE, for example secret_key=file:secrets/demo-2027.secret".to_owned()),
    }
}
