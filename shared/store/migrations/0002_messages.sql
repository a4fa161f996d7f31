-- The way of a message: what was taken in, what must still go out, what was refused because it contradicts itself.

create table inbox (
    consumer     text        not null,
    message_id   text        not null,
    content_hash text        not null,
    reply        jsonb       not null,
    received_at  timestamptz not null,
    constraint inbox_message primary key (consumer, message_id)
);
create index inbox_received on inbox using brin (received_at);

-- Rows live for milliseconds: deleted once the broker has confirmed them.
create table outbox (
    id          bigint generated always as identity primary key,
    aggregate   text        not null,
    exchange    text        not null,
    routing_key text        not null,
    message_id  text        not null,
    headers     jsonb       not null,
    payload     bytea       not null,
    created_at  timestamptz not null,
    constraint outbox_message unique (message_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
create index outbox_order on outbox (aggregate, id);

-- Same id, other content: never applied, kept for whoever has to ask the partner why.
create table conflicts (
    consumer   text        not null,
    message_id text        not null,
    other_hash text        not null,
    known_hash text        not null,
    partner    text        not null,
    interface  text        not null,
    times      integer     not null default 1,
    first_at   timestamptz not null,
    last_at    timestamptz not null,
    primary key (consumer, message_id, other_hash)
);
create index conflicts_last on conflicts (last_at);
