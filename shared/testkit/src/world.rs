//! A virtual host of its own for each test: the whole topology, the real users, nobody else's messages.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::management::Management;
use crate::services::{Services, services};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A virtual host with the gateway's topology; deleted with everything in it when dropped.
#[derive(Debug)]
pub struct World {
    /// The virtual host's name.
    pub name: String,
    management: Management,
    services: Services,
}

/// A fresh world on the broker of this test run.
///
/// # Panics
/// When there is no broker.
#[must_use]
pub fn world() -> World {
    let name = format!("test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let services = services();
    let management = Management::new(&services.rabbitmq_management);
    management.must("PUT", &format!("vhosts/{name}"), Some(&json!({})));
    management.must("POST", "definitions", Some(&definitions_for(&name)));
    World { name, management, services }
}

impl World {
    /// Address for the user of the ingress services.
    #[must_use]
    pub fn ingress(&self) -> String {
        self.of(&self.services.amqp_ingress)
    }

    /// Address for the user of the workers.
    #[must_use]
    pub fn worker(&self) -> String {
        self.of(&self.services.amqp_worker)
    }

    /// Address for the user of the egress services.
    #[must_use]
    pub fn egress(&self) -> String {
        self.of(&self.services.amqp_egress)
    }

    /// Address for the user of the files service.
    #[must_use]
    pub fn files(&self) -> String {
        self.of(&self.services.amqp_files)
    }

    /// Address for the operator's user.
    #[must_use]
    pub fn operator(&self) -> String {
        self.of(&self.services.amqp_operator)
    }

    /// Address for the administrator.
    #[must_use]
    pub fn admin(&self) -> String {
        self.of(&self.services.amqp_admin)
    }

    /// Replaces what a policy says, such as a limit too large to reach in a test; other entries stay.
    ///
    /// # Panics
    /// When there is no such policy.
    pub fn adjust_policy(&self, policy: &str, changes: &Value) {
        let path = format!("policies/{}/{policy}", self.name);
        let mut current = self.management.must("GET", &path, None);
        let definition = current["definition"].as_object_mut().expect("a policy's definition");
        for (name, value) in changes.as_object().expect("an object of changes") {
            definition.insert(name.clone(), value.clone());
        }
        self.management.must("PUT", &path, Some(&current));
    }

    /// The node's management interface, and this world's name in its paths.
    #[must_use]
    pub fn management(&self) -> &Management {
        &self.management
    }

    fn of(&self, address: &str) -> String {
        let (node, _) = address.rsplit_once('/').expect("an address with a virtual host");
        format!("{node}/{}", self.name)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.management.request("DELETE", &format!("vhosts/{}", self.name), None);
    }
}

/// The committed definitions, moved to another virtual host; users are the node's and stay.
fn definitions_for(vhost: &str) -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/rabbitmq/definitions.json");
    let text = std::fs::read_to_string(path).expect("deploy/rabbitmq/definitions.json");
    let mut definitions: Value = serde_json::from_str(&text).expect("valid JSON");
    let sections = definitions.as_object_mut().expect("an object");
    sections.remove("users");
    sections.remove("vhosts");
    for item in sections.values_mut().filter_map(Value::as_array_mut).flatten() {
        item["vhost"] = json!(vhost);
    }
    definitions
}
