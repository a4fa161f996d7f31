//! A yueyang platform beside the gateway under test: its receiver, its safe, and its side of the connection.

use crate::gateway::Gateway;
use crate::settings::{PartnerFile, Rules, SECRET};
use sandbox::Receiver;
use sandbox::dummy_keys::{YUEYANG_PLATFORM, YUEYANG_PROJECTS};
use sandbox::yueyang::{BadSettings, Partner, Reader, Settings, Variants};
use std::io;

/// A yueyang platform whose receiver listens.
#[derive(Debug)]
pub struct Platform {
    /// The partner id.
    pub id: &'static str,
    /// Where callbacks arrive.
    pub receiver: Receiver,
    settings: Settings,
}

impl Platform {
    /// A platform as the document has it; opens its receiver on a free port, for the gateway's settings name it.
    ///
    /// # Errors
    /// If there is no port.
    pub async fn open(id: &'static str) -> io::Result<Self> {
        Self::open_with(id, |_| {}).await
    }

    /// A platform with other habits.
    ///
    /// # Errors
    /// If there is no port, or the keys cannot be used.
    pub async fn open_with(id: &'static str, change: impl FnOnce(&mut Variants)) -> io::Result<Self> {
        let settings = settings(id).with(change);
        let reader = Reader::new(settings.clone()).map_err(io::Error::other)?;
        Ok(Self { id, receiver: Receiver::start("127.0.0.1:0", reader, None).await?, settings })
    }

    /// The gateway's file about it, with further lines of its section `[settings]`.
    #[must_use]
    pub fn file(&self, rules: Rules, lines: &str) -> PartnerFile {
        PartnerFile::yueyang(self.id, &self.receiver.addr().to_string(), rules, lines)
    }

    /// Its side of the connection to a gateway.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn partner(&self, gateway: &Gateway) -> Result<Partner, BadSettings> {
        let address = gateway.address("ingress-yueyang");
        Partner::new(Settings { gateway: format!("http://{address}/{}", self.id), ..self.settings.clone() })
    }
}

fn settings(id: &str) -> Settings {
    Settings {
        gateway: String::new(),
        user: id.to_owned(),
        code: SECRET.to_owned(),
        institution_user: None,
        institution_code: None,
        project_keys: YUEYANG_PROJECTS.map(str::to_owned).into(),
        platform_key: Some(YUEYANG_PLATFORM.to_owned()),
        project_seed: id.to_owned(),
        variants: Variants::default(),
    }
}
