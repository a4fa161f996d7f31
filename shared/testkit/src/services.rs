//! The addresses of the running services, or a panic that says how to get some.

/// Addresses as `scripts/services` exports them.
#[derive(Clone, Debug)]
pub struct Services {
    /// RabbitMQ as each user of the gateway.
    pub amqp_ingress: String,
    /// As the workers.
    pub amqp_worker: String,
    /// As egress.
    pub amqp_egress: String,
    /// As the files service.
    pub amqp_files: String,
    /// As the operator's tool.
    pub amqp_operator: String,
    /// As the administrator, for tests alone.
    pub amqp_admin: String,
    /// The management interface, `http://user:password@host:port`.
    pub rabbitmq_management: String,
    /// Redis.
    pub redis: String,
    /// PostgreSQL, with a user who may create databases.
    pub postgres: String,
}

/// The services this test run was given.
///
/// # Panics
/// When there are none, with the command that brings them.
#[must_use]
pub fn services() -> Services {
    Services {
        amqp_ingress: given("GATEWAY_AMQP_INGRESS_URL"),
        amqp_worker: given("GATEWAY_AMQP_WORKER_URL"),
        amqp_egress: given("GATEWAY_AMQP_EGRESS_URL"),
        amqp_files: given("GATEWAY_AMQP_FILES_URL"),
        amqp_operator: given("GATEWAY_AMQP_OPERATOR_URL"),
        amqp_admin: given("GATEWAY_AMQP_URL"),
        rabbitmq_management: given("GATEWAY_RABBITMQ_MANAGEMENT_URL"),
        redis: given("GATEWAY_REDIS_URL"),
        postgres: given("GATEWAY_POSTGRES_URL"),
    }
}

pub(crate) fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run the tests with `make test`, or as `scripts/services run -- cargo nextest run -p <crate>`")
    })
}
