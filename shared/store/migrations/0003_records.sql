-- What happened: callbacks with every attempt, the timeline of each order, and what operators did.

create table callbacks (
    id           text primary key,
    no           text        not null,
    order_no     text        not null,
    partner      text        not null,
    kind         text        not null,
    event        text        not null,
    state        text        not null check (state in ('pending', 'delivered', 'parked', 'silent')),
    attempts     integer     not null default 0,
    cycle        integer     not null default 0,
    next_due     timestamptz not null,
    delivered_at timestamptz,
    last_error   text        not null default '',
    exchange     text        not null,
    routing_key  text        not null,
    payload      jsonb       not null,
    created_at   timestamptz not null
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index callbacks_order on callbacks (order_no);
create index callbacks_due on callbacks (next_due) where state = 'pending';
create index callbacks_parked on callbacks (created_at) where state = 'parked';
create index callbacks_created on callbacks (created_at);

create table attempts (
    callback_id text        not null,
    cycle       integer     not null,
    number      integer     not null,
    interface   text        not null,
    at          timestamptz not null,
    duration_ms bigint      not null,
    status      integer     not null,
    outcome     text        not null,
    next_due    timestamptz,
    why         text        not null,
    primary key (callback_id, cycle, number)
);
create index attempts_at on attempts using brin (at);

create table events (
    id         bigint generated always as identity primary key,
    order_no   text        not null,
    no         text        not null,
    version    integer     not null,
    what       text        not null,
    detail     jsonb       not null,
    message_id text        not null,
    trace      text        not null,
    at         timestamptz not null
);
create index events_order on events (order_no, id);
create index events_at on events using brin (at);
-- A timeline is only ever added to; retention deletes whole old days, nothing rewrites.
create function events_are_final() returns trigger language plpgsql as
$$ begin raise exception 'the timeline is append-only'; end $$;
create trigger events_append_only before update on events for each statement execute function events_are_final();

create table audit (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    who     text        not null,
    action  text        not null,
    subject text        not null,
    detail  jsonb       not null
);
create index audit_subject on audit (subject, id);
