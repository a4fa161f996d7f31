//! A tender platform beside the gateway under test: its receiver, and its side of the connection.

use crate::gateway::Gateway;
use crate::settings::{IV, PartnerFile, Rules, SECRET};
use sandbox::Receiver;
use sandbox::finserv::{AesKeyForm, BadSettings, Partner, Reader, Settings, Variants};
use std::io;

/// A finserv platform whose receiver listens.
#[derive(Debug)]
pub struct Platform {
    /// The partner id.
    pub id: &'static str,
    /// Where callbacks arrive.
    pub receiver: Receiver,
}

impl Platform {
    /// Opens the receiver on a free port; it must be known before the gateway's settings are written.
    ///
    /// # Errors
    /// If there is no port.
    pub async fn open(id: &'static str) -> io::Result<Self> {
        let reader = Reader::new(settings(id, "")).map_err(io::Error::other)?;
        Ok(Self { id, receiver: Receiver::start("127.0.0.1:0", reader, None).await? })
    }

    /// The gateway's file about it.
    #[must_use]
    pub fn file(&self, rules: Rules) -> PartnerFile {
        PartnerFile::finserv(self.id, &self.receiver.addr().to_string(), rules, "")
    }

    /// Its side of the connection to a gateway.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn partner(&self, gateway: &Gateway) -> Result<Partner, BadSettings> {
        let address = gateway.address("ingress-finserv");
        Partner::new(settings(self.id, &format!("http://{address}/{}", self.id)))
    }
}

fn settings(id: &str, gateway: &str) -> Settings {
    Settings {
        gateway: gateway.to_owned(),
        access_key: format!("{id}-key"),
        secret_key: SECRET.to_owned(),
        aes_key: None,
        aes_key_form: AesKeyForm::default(),
        iv: IV.to_owned(),
        variants: Variants::default(),
    }
}
