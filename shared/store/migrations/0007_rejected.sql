-- Requests that were turned away, for a while: so many of each partner, not older than some days. What was said is sealed.

create table rejected (
    id       text primary key,
    partner  text        not null,
    protocol text        not null,
    at       timestamptz not null,
    reason   text        not null,
    why      text        not null,
    size     bigint      not null,
    request  bytea       not null
);
alter table rejected alter column request set storage external;
create index rejected_partner on rejected (partner, at, id);
create index rejected_at on rejected (at);
