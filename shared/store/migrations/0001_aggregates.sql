-- What the gateway knows: one row per order and per case, the aggregate itself as jsonb, and what is looked up as columns.
-- fillfactor leaves room so that a state change stays on its page (HOT: no index is touched unless its column changes).

create table orders (
    no           text primary key,
    partner      text        not null,
    business_no  text        not null,
    content_hash text        not null,
    section_no   text        not null,
    state        text        not null,
    version      integer     not null,
    guarantee_no text,
    body         jsonb       not null,
    placed_at    timestamptz not null,
    updated_at   timestamptz not null,
    constraint orders_business unique (partner, business_no)
) with (fillfactor = 80);
create unique index orders_guarantee on orders (guarantee_no) where guarantee_no is not null;
create index orders_section on orders (partner, section_no);
create index orders_placed on orders (placed_at);
create index orders_open on orders (state, placed_at) where state in ('reviewing', 'awaiting_payment', 'paid');

create table claims (
    no           text primary key,
    partner      text        not null,
    business_no  text        not null,
    order_no     text        not null references orders (no),
    guarantee_no text        not null,
    content_hash text        not null,
    state        text        not null,
    version      integer     not null,
    body         jsonb       not null,
    requested_at timestamptz not null,
    updated_at   timestamptz not null
) with (fillfactor = 80);
create table invoices (like claims including all, foreign key (order_no) references orders (no));
create table refunds (like claims including all, foreign key (order_no) references orders (no));
create table releases (like claims including all, foreign key (order_no) references orders (no));

create index claims_guarantee on claims (partner, guarantee_no, requested_at);
create index invoices_guarantee on invoices (partner, guarantee_no, requested_at);
create index refunds_guarantee on refunds (partner, guarantee_no, requested_at);
create index releases_guarantee on releases (partner, guarantee_no, requested_at);
create index claims_order on claims (order_no);
create index invoices_order on invoices (order_no);
create index refunds_order on refunds (order_no);
create index releases_order on releases (order_no);
-- FS-27: at most one open refund per guarantee.
create unique index refunds_one_open on refunds (guarantee_no) where state = 'reviewing';
create index claims_open on claims (requested_at) where state = 'reviewing';
create index invoices_open on invoices (requested_at) where state = 'reviewing';
create index refunds_open on refunds (requested_at) where state = 'reviewing';
create index releases_open on releases (requested_at) where state = 'reviewing';

create table tender_changes (
    no           text primary key,
    partner      text        not null,
    business_no  text        not null,
    section_no   text        not null,
    content_hash text        not null,
    orders       integer     not null,
    body         jsonb       not null,
    received_at  timestamptz not null
);
create index tender_changes_section on tender_changes (partner, section_no);
